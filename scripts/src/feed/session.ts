import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { unreadableOf } from '@troupe/chassis/internal';
import type {
  Consumer,
  ConsumerCrashEvent,
  ConsumerGroupJoinEvent,
  ConsumerStartBatchProcessEvent,
  EachBatchPayload,
  Kafka,
  KafkaMessage,
} from 'kafkajs';
import type { FeedOptions, FeedRecord } from './options.ts';
import type { Positions } from './positions.ts';

/** How long the broker may hold an answer while nothing is new, and so how long a stop may take. */
const MAX_WAIT_MS = 1_000;
const LEAVE_MS = 1_500;

/** What a session tells while it runs. */
export interface SessionListener {
  /** The broker works. */
  joined(): void;
  /** A batch was taken. */
  taken(): void;
  /** A batch was not taken; the session ends with this. */
  notTaken(): void;
}

interface Asked extends SessionListener {
  readonly options: FeedOptions;
}

/** Reads from `positions` on, and moves them. Resolves when the signal is aborted; rejects when reading breaks. */
export async function readOn(kafka: Kafka, positions: Positions, { options, ...listener }: Asked): Promise<void> {
  const groupId = `troupe-feed-${randomUUID()}`;
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: MAX_WAIT_MS, allowAutoTopicCreation: false });
  const broken = new AbortController();
  const over = AbortSignal.any([options.signal, broken.signal]);
  consumer.on(consumer.events.CRASH, ({ payload }: ConsumerCrashEvent) => broken.abort(payload.error));
  start(consumer, positions, { options, broken, over, ...listener }).catch((error: unknown) => broken.abort(error));
  if (!over.aborted) await once(over, 'abort');
  await Promise.race([consumer.disconnect().catch(() => undefined), sleep(LEAVE_MS, undefined, { ref: false })]);
  if (!options.signal.aborted) throw broken.signal.reason;
}

interface Reading extends SessionListener {
  readonly options: FeedOptions;
  readonly broken: AbortController;
  /** Aborted when this session is broken, or the feed is to end. */
  readonly over: AbortSignal;
}

async function start(consumer: Consumer, positions: Positions, reading: Reading): Promise<void> {
  const { topics } = reading.options;
  // Joining comes before the first fetch, so that each partition is read from its position on and from nowhere else.
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }: ConsumerGroupJoinEvent) => {
    for (const [topic, partitions] of Object.entries(payload.memberAssignment)) {
      for (const partition of partitions) {
        consumer.seek({ topic, partition, offset: positions.next(`${topic}/${partition}`) });
      }
    }
    reading.joined();
  });
  consumer.on(consumer.events.START_BATCH_PROCESS, (event) => void passEmpty(event, positions, reading));
  await consumer.connect();
  await consumer.subscribe({ topics: [...topics], fromBeginning: true });
  await consumer.run({ autoCommit: false, eachBatch: (payload) => takeBatch(payload, positions, reading) });
}

/** kafkajs hands nothing on when only offsets without a record came: ends of transactions, aborted records. */
async function passEmpty(
  { payload: { topic, partition: number, batchSize, lastOffset } }: ConsumerStartBatchProcessEvent,
  positions: Positions,
  { options, broken, over }: Reading,
): Promise<void> {
  if (batchSize > 0 || over.aborted) return;
  const partition = `${topic}/${number}`;
  positions.passed(partition, lastOffset);
  try {
    await options.take({ partition, records: [], caughtUp: positions.isCaughtUp(partition, lastOffset) });
  } catch (error) {
    broken.abort(error);
  }
}

/**
 * A failure ends the session without moving the position: kafkajs would repeat it inside, where nobody sees it. Nothing
 * is taken from then on, so that no record behind it is taken first.
 */
async function takeBatch({ batch, isStale }: EachBatchPayload, positions: Positions, reading: Reading): Promise<void> {
  const { options, broken, over } = reading;
  if (isStale() || over.aborted) return;
  const { topic, partition: number, messages } = batch;
  const partition = `${topic}/${number}`;
  const last = batch.lastOffset();
  const records = messages.map((message) => recordOf(topic, number, message));
  try {
    await options.take({ partition, records, caughtUp: positions.isCaughtUp(partition, last) });
    positions.passed(partition, last);
    reading.taken();
  } catch (error) {
    reading.notTaken();
    broken.abort(error);
  }
}

function recordOf(topic: string, partition: number, message: KafkaMessage): FeedRecord {
  const { offset, timestamp, key, value, headers = {} } = message;
  const unreadable = unreadableOf(message);
  const texts = Object.entries(headers).flatMap(([name, header]) => {
    const last = Array.isArray(header) ? header.at(-1) : header;
    return last === undefined ? [] : [[name, last.toString()] as const];
  });
  return {
    topic,
    partition,
    offset,
    timestampMs: Number(timestamp),
    key: key?.toString(),
    value,
    headers: Object.fromEntries(texts),
    ...(unreadable && { unreadable: unreadable.reason }),
  };
}
