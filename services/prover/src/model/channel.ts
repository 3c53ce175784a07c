import { Interner } from './interner.ts';

/** The events of one topic about one order, as far as a consumer group has still to read them. */
interface Pending {
  /** By their message numbers, oldest first. */
  readonly events: readonly number[];
  /** For each consumer, how many of them it has handled. */
  readonly at: readonly number[];
  /** The consumer whose next event is a dead letter; what comes later waits behind it. None: -1. */
  readonly held: number;
}

const NONE = -1;

/**
 * A topic, for one order. Kafka keeps the order of one key in one topic, and nothing between topics; so each consumer goes
 * through a channel in its order, and is as far behind as it likes. Events that everybody has handled are forgotten, and
 * those that a consumer does not hear are passed over at once.
 */
export class Channel {
  readonly #pending = new Interner<Pending>();
  readonly #consumers: readonly ((event: number) => boolean)[];
  readonly #memo = new Map<string, number>();
  /** The number of the channel without events. */
  readonly empty: number;

  /** @param consumers says for each of them which events it hears */
  constructor(consumers: readonly ((event: number) => boolean)[]) {
    this.#consumers = consumers;
    this.empty = this.#pending.idOf({ events: [], at: consumers.map(() => 0), held: NONE });
  }

  /** The next event of a consumer; undefined when it has none, or a dead letter holds it back. */
  next(channel: number, consumer: number): number | undefined {
    const { events, at, held } = this.#pending.valueOf(channel);
    return held === consumer ? undefined : events[at[consumer] as number];
  }

  isHeld(channel: number, consumer: number): boolean {
    return this.#pending.valueOf(channel).held === consumer;
  }

  append(channel: number, event: number): number {
    return this.#remembered(`+${event}`, channel, ({ events, ...rest }) => ({ ...rest, events: [...events, event] }));
  }

  /** The consumer has handled its next event. */
  handled(channel: number, consumer: number): number {
    return this.#remembered(`>${consumer}`, channel, ({ events, at, held }) => ({
      events,
      at: at.map((position, index) => (index === consumer ? position + 1 : position)),
      held: held === consumer ? NONE : held,
    }));
  }

  /** The next event of the consumer becomes a dead letter. */
  held(channel: number, consumer: number): number {
    return this.#remembered(`!${consumer}`, channel, (pending) => ({ ...pending, held: consumer }));
  }

  /** The dead letter of the consumer is to be handled again. */
  released(channel: number): number {
    return this.#remembered('?', channel, (pending) => ({ ...pending, held: NONE }));
  }

  #remembered(change: string, channel: number, make: (pending: Pending) => Pending): number {
    const name = `${channel}${change}`;
    const known = this.#memo.get(name);
    if (known !== undefined) return known;
    const made = this.#pending.idOf(this.#trimmed(make(this.#pending.valueOf(channel))));
    this.#memo.set(name, made);
    return made;
  }

  #trimmed({ events, at, held }: Pending): Pending {
    const positions = at.map((position, consumer) => {
      let next = position;
      while (next < events.length && !this.#consumers[consumer]?.(events[next] as number)) next += 1;
      return next;
    });
    const read = Math.min(events.length, ...positions);
    return { events: events.slice(read), at: positions.map((position) => position - read), held };
  }
}
