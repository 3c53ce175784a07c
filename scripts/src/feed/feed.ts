import { setTimeout as sleep } from 'node:timers/promises';
import { patchKafkajs } from '@troupe/chassis/internal';
import { Kafka, logLevel } from 'kafkajs';
import type { FeedOptions } from './options.ts';
import { type Positions, startingPositions } from './positions.ts';
import { readOn } from './session.ts';

export type { FeedBatch, FeedOptions, FeedRecord } from './options.ts';

/** How kafkajs retries inside; short, because the feed itself tries for ever. */
const RETRY = { initialRetryTime: 100, retries: 2, restartOnFailure: async () => false };
const PAUSE_MS = 1_000;

/**
 * Reads topics live, beside everybody else: as the only member of a consumer group that nobody else uses, and that leaves
 * no offsets behind. What went wrong is waited out, and reading goes on where it stopped; each record comes once. Resolves
 * when `signal` is aborted.
 */
export async function follow(options: FeedOptions): Promise<void> {
  patchKafkajs();
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
  const listener = {
    // A broker that works is no news while what was read cannot be taken.
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
        // Whoever wants the past only, and finds that there is none, has ended it by now.
        if (signal.aborted) return;
      }
      await readOn(kafka, positions, { options, ...listener });
    } catch (error) {
      if (!signal.aborted) waiting(error);
    }
    await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
  }
}
