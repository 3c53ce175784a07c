import type { Codec } from '@troupe/schemas';
import { type FeedBatch, type FeedRecord, follow } from '../feed/feed.ts';

/** How an order ended: `CONFIRMED`, or `CANCELLED` with its reason. */
export type End = string;

export interface EndsOptions {
  readonly brokers: string;
  readonly codec: Codec;
  readonly signal: AbortSignal;
}

/** Learns from the topics how orders end and that their customers were told. Asking the services would cost them CPU. */
export class Ends {
  readonly #ends = new Map<string, End>();
  readonly #notified = new Map<string, Notified>();
  readonly #waiting = new Map<string, (end: End) => void>();
  readonly #codec: Codec;
  /** Resolved while it listens. */
  #listening: Promise<void> = Promise.resolve();
  /** When something was last heard, on the clock of `performance.now()`. */
  lastNewsAt = performance.now();

  private constructor(codec: Codec) {
    this.#codec = codec;
  }

  /** Resolves when everything from now on is heard. Listens until the signal is aborted. */
  static async listen({ brokers, codec, signal }: EndsOptions): Promise<Ends> {
    const ends = new Ends(codec);
    await new Promise<void>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
      const waiting = (reason: unknown): void => (reason === undefined ? undefined : reject(reason));
      const take = (batch: FeedBatch): Promise<void> => ends.#take(batch);
      const topics = ['order.events', 'notification.events'];
      void follow({ brokers, topics, from: 'now', signal, take, waiting, started: () => resolve() });
    });
    return ends;
  }

  /** The end of an order, when it has come. */
  of(orderId: string): Promise<End> {
    const end = this.#ends.get(orderId);
    if (end !== undefined) return Promise.resolve(end);
    return new Promise((resolve) => this.#waiting.set(orderId, resolve));
  }

  /** How often the customer of an order was told of its end. An event that is published again counts once. */
  timesNotified(orderId: string): number {
    return this.#notified.get(orderId)?.times ?? 0;
  }

  /**
   * Pauses listening while `work` runs, since one more reader costs CPU; what came meanwhile is heard afterwards. `work`
   * takes some seconds at most: after thirty the broker takes a silent reader for dead.
   */
  async deafWhile<Result>(work: () => Promise<Result>): Promise<Result> {
    let listen = (): void => undefined;
    this.#listening = new Promise((resolve) => (listen = resolve));
    try {
      return await work();
    } finally {
      listen();
    }
  }

  async #take({ records }: FeedBatch): Promise<void> {
    await this.#listening;
    const wanted = records.filter(({ headers }) => WANTED.has(headers.ce_type ?? ''));
    await this.#codec.learn(wanted.flatMap(({ value }) => value ?? []));
    for (const record of wanted) this.#hear(record);
  }

  #hear({ headers, key, value }: FeedRecord): void {
    if (key === undefined || value === null) return;
    this.lastNewsAt = performance.now();
    const type = headers.ce_type;
    if (type === CONFIRMED) this.#end(key, 'CONFIRMED');
    else if (type === CANCELLED) this.#end(key, `CANCELLED ${fieldOf(this.#codec.decode(value).data, 'reason')}`);
    else this.#notifiedBy(key, headers.ce_id);
  }

  #notifiedBy(orderId: string, eventId: string | undefined): void {
    const known = this.#notified.get(orderId);
    if (known === undefined || known.eventId !== eventId) {
      this.#notified.set(orderId, { eventId, times: (known?.times ?? 0) + 1 });
    }
  }

  #end(orderId: string, end: End): void {
    this.#ends.set(orderId, end);
    this.#waiting.get(orderId)?.(end);
    this.#waiting.delete(orderId);
  }
}

interface Notified {
  /** Of the latest. */
  readonly eventId: string | undefined;
  readonly times: number;
}

const CONFIRMED = 'troupe.order.OrderConfirmed';
const CANCELLED = 'troupe.order.OrderCancelled';
const WANTED = new Set([CONFIRMED, CANCELLED, 'troupe.notification.NotificationSent']);

function fieldOf(data: object, name: string): string {
  return String(Object.entries(data).find(([field]) => field === name)?.[1]);
}
