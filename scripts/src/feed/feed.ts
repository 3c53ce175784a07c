import { setTimeout as sleep } from 'node:timers/promises';
import { mendKafkajs } from '@troupe/chassis';
import { Kafka, logLevel } from 'kafkajs';
import { type Origin, type Positions, startingPositions } from './positions.ts';
import { readOn } from './session.ts';

/** One record as it came: nothing in it was checked. */
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
  /** With this batch the partition's past is complete: all records from before the feed began have come. */
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

/** How kafkajs retries inside; short, because the feed itself tries for ever. */
const RETRY = { initialRetryTime: 100, retries: 2, restartOnFailure: async () => false };
const PAUSE_MS = 1_000;

/**
 * Reads topics live, as the only member of a consumer group of its own, which leaves no offsets behind. After a failure it
 * waits and goes on where it stopped; each record comes once. Resolves when `signal` is aborted.
 */
export async function follow(options: FeedOptions): Promise<void> {
  mendKafkajs();
  const { brokers, signal, waiting } = options;
  const kafka = new Kafka({
    brokers: brokers.split(','),
    clientId: 'troupe-feed',
    logLevel: logLevel.NOTHING,
    connectionTimeout: 2_000,
    retry: RETRY,
  });
  let positions: Positions | undefined;
  let stuck = false;
  const told = {
    // While a batch cannot be taken, a broker that works is no news.
    joined: () => (stuck ? undefined : waiting(undefined)),
    taken() {
      stuck = false;
      waiting(undefined);
    },
    notTaken() {
      stuck = true;
    },
  };
  while (!signal.aborted) {
    try {
      if (positions === undefined) {
        positions = await startingPositions(kafka, options);
        options.started(positions.backlog());
      }
      await readOn(kafka, positions, { options, ...told });
    } catch (error) {
      if (!signal.aborted) waiting(error);
    }
    await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
  }
}
