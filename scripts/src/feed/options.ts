import type { Origin } from './positions.ts';

/** One record, before anything was believed about it. */
export interface FeedRecord {
  readonly topic: string;
  readonly partition: number;
  /** Decimal, as it may exceed 2^53. */
  readonly offset: string;
  /** Milliseconds since 1970. */
  readonly timestampMs: number;
  readonly key: string | undefined;
  readonly value: Buffer | null;
  /** The last value of each header, as text. */
  readonly headers: Readonly<Record<string, string>>;
  /** Why this is a whole batch that cannot be read, and not a record. */
  readonly unreadable?: string;
}

/** Records of one partition, in its order. */
export interface FeedBatch {
  /** `order.events/3` */
  readonly partition: string;
  readonly records: readonly FeedRecord[];
  /** With this batch all that was there when the feed began has come, for this partition. */
  readonly caughtUp: boolean;
}

export interface FeedOptions {
  /** `host:port`, separated by commas. */
  readonly brokers: string;
  readonly topics: readonly string[];
  /** Where to begin: behind what is there, at the oldest record, or at the first record of this time. */
  readonly from: Origin;
  /** Called once: from here on no record is missed. `backlog`: the partitions that have records to be read first. */
  started(backlog: readonly string[]): void;
  /** Takes a batch. When it throws, the feed waits, and the batch comes again. */
  take(batch: FeedBatch): Promise<void> | void;
  /** Called with the reason whenever the feed has to wait, and with undefined when it reads (again). */
  waiting(reason: unknown): void;
  readonly signal: AbortSignal;
}
