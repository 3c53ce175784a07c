import type { Log, ServerSentEvent } from '@troupe/chassis';
import type { Overview, SagaDetail } from '../contract/saga.ts';
import type { MapView, ServicesView } from '../contract/services.ts';
import type { RecordView } from '../contract/topics.ts';
import type { Changed } from '../reading/changes.ts';
import { type Channel, channelsOf, type SharedName } from './channels.ts';
import { type Judgement, Judgements } from './judgements.ts';
import { type LiveStream, openStream } from './stream.ts';
import { TailRing } from './tail.ts';
import { Watched } from './watched.ts';

/** Where live views come from. Each is asked only while somebody watches. */
export interface LiveSources {
  overview(): Promise<Overview>;
  services(): Promise<ServicesView>;
  map(): Promise<MapView>;
  saga(orderId: string): Promise<SagaDetail | null>;
  /** The newest records of topics, newest first. */
  latest(topics: readonly string[], limit: number): Promise<readonly RecordView[]>;
  judged(): Iterable<Judgement>;
}

const EVERY_MS: Readonly<Record<SharedName, number>> = { overview: 1_000, services: 1_000, map: 2_000 };
/** A saga moves in steps of milliseconds; who looks at it sees five states a second. */
const SAGA_LEAST_MS = 200;
/** Its diagnosis depends on the time, and on what services say. */
const SAGA_EVERY_MS = 1_000;
const JUDGED_EVERY_MS = 1_000;

/** All streams of all tabs: what several watch is looked at once. */
export class Live {
  readonly #sources: LiveSources;
  readonly #log: Log;
  readonly #ring = new TailRing();
  readonly #shared: ReadonlyMap<SharedName, Watched<Overview | ServicesView | MapView>>;
  readonly #sagas = new Map<string, Watched<SagaDetail>>();
  readonly #streams = new Set<LiveStream>();
  readonly #judgements = new Judgements();
  #judging: NodeJS.Timeout | undefined;

  constructor(sources: LiveSources, log: Log) {
    this.#sources = sources;
    this.#log = log;
    const shared = <View extends Overview | ServicesView | MapView>(name: SharedName, look: () => Promise<View>) => {
      const everyMs = EVERY_MS[name];
      return [
        name,
        new Watched<Overview | ServicesView | MapView>({ name, look, everyMs, leastMs: everyMs, log }),
      ] as const;
    };
    this.#shared = new Map([
      shared('overview', () => sources.overview()),
      shared('services', () => sources.services()),
      shared('map', () => sources.map()),
    ]);
  }

  /** How many tabs watch. */
  get streams(): number {
    return this.#streams.size;
  }

  /** A commit of this process. */
  committed({ sagas, records }: Changed): void {
    this.#ring.add(records);
    this.changed(sagas.map(({ orderId }) => orderId));
  }

  /** There is news of these sagas. */
  changed(orderIds: Iterable<string>): void {
    if (this.#streams.size === 0) return;
    const ids = [...orderIds];
    for (const id of ids) this.#sagas.get(id)?.hint();
    for (const stream of this.#streams) stream.changed(ids);
  }

  /** @param text the channels. @throws DomainError when they are none */
  open(text: string, lastEventId: string | undefined, signal: AbortSignal): AsyncIterable<ServerSentEvent> {
    const channels = channelsOf(text);
    return this.#run(channels, lastEventId, signal);
  }

  async *#run(
    channels: readonly Channel[],
    lastEventId: string | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<ServerSentEvent> {
    const stream = openStream({
      channels,
      ring: this.#ring,
      watched: (channel) => this.#watched(channel),
      latest: (topics, limit) => this.#sources.latest(topics, limit),
      lastEventId,
      signal,
    });
    this.#streams.add(stream);
    this.#judging ??= setInterval(
      () => this.changed(this.#judgements.changed(this.#sources.judged())),
      JUDGED_EVERY_MS,
    );
    try {
      yield* stream.events();
    } finally {
      this.#streams.delete(stream);
      stream.close();
      for (const [id, saga] of this.#sagas) if (!saga.isWatched) this.#sagas.delete(id);
      if (this.#streams.size === 0) this.#stopJudging();
    }
  }

  #stopJudging(): void {
    clearInterval(this.#judging);
    this.#judging = undefined;
    this.#judgements.forget();
  }

  #watched(channel: Channel): Watched<{ readonly now: string }> | undefined {
    if (channel.kind === 'shared') return this.#shared.get(channel.name);
    if (channel.kind !== 'saga') return undefined;
    const { orderId, name } = channel;
    const known = this.#sagas.get(orderId);
    if (known !== undefined) return known;
    const look = () => this.#sources.saga(orderId);
    const saga = new Watched<SagaDetail>({
      name,
      look,
      everyMs: SAGA_EVERY_MS,
      leastMs: SAGA_LEAST_MS,
      log: this.#log,
    });
    this.#sagas.set(orderId, saga);
    return saga;
  }
}
