import type { ServerSentEvent } from '@troupe/chassis';
import type { LiveEvents } from '../contract/live.ts';
import type { RecordView } from '../contract/topics.ts';
import type { Channel } from './channels.ts';
import type { TailRing } from './tail.ts';
import type { Watched } from './watched.ts';

export interface StreamParts {
  readonly channels: readonly Channel[];
  readonly ring: TailRing;
  readonly watched: (channel: Channel) => Watched<{ readonly now: string }> | undefined;
  readonly latest: (topics: readonly string[], limit: number) => Promise<readonly RecordView[]>;
  readonly lastEventId: string | undefined;
  readonly signal: AbortSignal;
}

export interface LiveStream {
  events(): AsyncGenerator<ServerSentEvent>;
  /** There is news of these sagas. */
  changed(orderIds: readonly string[]): void;
  close(): void;
}

/** A tab that hears nothing for twice as long takes its stream for dead. */
const BEAT_MS = 5_000;
const CHANGED_LEAST_MS = 500;
const MOST_CHANGED = 500;
const TAIL_LEAST_MS = 250;
/** A tail begins with what came last. */
const TAIL_BEGINS_WITH = 50;

/** One channel of one stream: what it would say now. Nothing is kept for a client that reads slowly, except where it is. */
interface Lane {
  /** Undefined: there is nothing new. */
  next(): ServerSentEvent | undefined | Promise<ServerSentEvent | undefined>;
  /** From one event to the next at least. */
  readonly leastMs: number;
}

/** The stream of one tab: the channels take turns, each at its own pace, as fast as the client reads. */
export function openStream(parts: StreamParts): LiveStream {
  const { channels, signal } = parts;
  const changes = new ChangedLane();
  const stops: (() => void)[] = [];
  const doorbell = new Doorbell(signal);
  const wake = (): void => doorbell.ring();
  const lanes = channels.map((channel): Lane => {
    if (channel.kind === 'changed') return changes;
    if (channel.kind === 'tail') {
      stops.push(parts.ring.watch(wake));
      return tailLane(channel, parts);
    }
    const watched = parts.watched(channel);
    if (watched === undefined) return { next: () => undefined, leastMs: 0 };
    stops.push(watched.watch(wake));
    return watchedLane(channel.name, watched);
  });
  const isWanted = lanes.includes(changes);

  async function* events(): AsyncGenerator<ServerSentEvent> {
    const notBefore = lanes.map(() => 0);
    let beatAt = 0;
    while (!signal.aborted) {
      doorbell.quiet();
      let said = false;
      for (const [at, lane] of lanes.entries()) {
        if (performance.now() < (notBefore[at] ?? 0)) continue;
        const event = await lane.next();
        if (event === undefined) continue;
        said = true;
        notBefore[at] = performance.now() + lane.leastMs;
        yield event;
      }
      if (performance.now() >= beatAt) {
        beatAt = performance.now() + BEAT_MS;
        yield { event: 'beat', data: { now: new Date().toISOString() } };
      }
      if (!said) await doorbell.until(Math.min(beatAt, ...notBefore.filter((time) => time > performance.now())));
    }
  }

  return {
    events,
    changed(orderIds) {
      if (!isWanted || orderIds.length === 0) return;
      changes.add(orderIds);
      wake();
    },
    close() {
      for (const stop of stops) stop();
    },
  };
}

/** Ends a pause. A ring before the pause ends it, too: nothing that happens between two looks is missed. */
class Doorbell {
  readonly #signal: AbortSignal;
  #rung = false;
  #end: () => void = () => undefined;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  ring(): void {
    this.#rung = true;
    this.#end();
  }

  quiet(): void {
    this.#rung = false;
  }

  /** Until it is rung, or the time has come, or the client is gone. */
  async until(at: number): Promise<void> {
    if (this.#rung || this.#signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.max(1, at - performance.now()));
      this.#end = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#signal.addEventListener('abort', this.#end, { once: true });
    });
    this.#signal.removeEventListener('abort', this.#end);
  }
}

function watchedLane(name: string, watched: Watched<{ readonly now: string }>): Lane {
  let version = 0;
  return {
    leastMs: 0,
    next() {
      const { view } = watched;
      if (view === undefined || watched.version === version) return undefined;
      version = watched.version;
      return { event: name, data: view };
    },
  };
}

class ChangedLane implements Lane {
  readonly leastMs = CHANGED_LEAST_MS;
  #ids = new Set<string>();
  #more = false;

  add(orderIds: readonly string[]): void {
    for (const id of orderIds) {
      if (this.#ids.size < MOST_CHANGED) this.#ids.add(id);
      else if (!this.#ids.has(id)) this.#more = true;
    }
  }

  next(): ServerSentEvent | undefined {
    if (this.#ids.size === 0) return undefined;
    const data: LiveEvents['changed'] = { orderIds: [...this.#ids], more: this.#more };
    this.#ids = new Set();
    this.#more = false;
    return { event: 'changed', data };
  }
}

function tailLane({ name, topics }: Extract<Channel, { kind: 'tail' }>, parts: StreamParts): Lane {
  const { ring, latest, lastEventId } = parts;
  let number = ring.numberOf(lastEventId);
  return {
    leastMs: TAIL_LEAST_MS,
    async next() {
      if (number === undefined) {
        // Taken before the look: a record of that moment may come twice, and none is missed.
        number = ring.end;
        const records = [...(await latest([...topics], TAIL_BEGINS_WITH))].reverse();
        const data: LiveEvents['tail'] = { records, skipped: 0 };
        return { id: ring.idOf(number), event: name, data };
      }
      if (number === ring.end) return undefined;
      const { records, skipped, next } = ring.from(number, topics);
      number = next;
      if (records.length === 0 && skipped === 0) return undefined;
      const data: LiveEvents['tail'] = { records, skipped };
      return { id: ring.idOf(next), event: name, data };
    },
  };
}
