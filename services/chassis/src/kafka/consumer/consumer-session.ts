import { setTimeout as sleep } from 'node:timers/promises';
import type {
  Consumer,
  ConsumerCrashEvent,
  ConsumerGroupJoinEvent,
  ConsumerStartBatchProcessEvent,
  EachBatchPayload,
  KafkaMessage,
} from 'kafkajs';
import { failpoint } from '../../process/failpoint.ts';
import type { Log } from '../../telemetry/log.ts';
import { headerTexts, rawHeaders, unreadableOf } from '../batches/fetched-message.ts';
import { rootCause, whenSilent } from '../broker-health.ts';
import type { KafkaClient } from '../client.ts';
import type { GroupMembership } from '../patches/group-membership.ts';
import type { KafkaRecord, RecordSink } from '../record.ts';
import { HandledOffsets } from './handled-offsets.ts';
import { consumerMetrics } from './metrics.ts';
import { OffsetCommitter } from './offset-committer.ts';

/** What a member of a consumer group reads, and where it puts it. */
export interface ConsumerOptions {
  readonly kafka: KafkaClient;
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly sink: RecordSink;
  readonly log: Log;
}

/** After this a member that is silent has lost its partitions; also how long a killed one is waited for. */
export const SESSION_MS = 6_000;
const GROUP = {
  sessionTimeout: SESSION_MS,
  rebalanceTimeout: 30_000,
  heartbeatInterval: 2_000,
  /** How long partitions that a topic has been given are not noticed. They are read from their first record. */
  metadataMaxAge: 10_000,
  /** How long the broker holds an answer while there is nothing new; also how long a stop may wait for it, and a heartbeat. */
  maxWaitTimeInMs: 2_000,
  maxBytesPerPartition: 1_048_576,
  maxBytes: 4_194_304,
};
/** Partitions of one fetch that are handed on together. kafkajs wakes as many workers for each fetch. */
const PARTITIONS_AT_ONCE = 32;
/** How often one who waits for room looks whether it still has its partitions. */
const LOOK_MS = 500;
const LEAVE_BOUND_MS = 5_000;

/** What was taken under one assignment of partitions. */
interface Generation {
  readonly offsets: HandledOffsets;
  readonly committer: OffsetCommitter;
}

export interface SessionListener {
  /** It has a place in its group, and may have been given other partitions. */
  joined(): void;
  working(): void;
  failing(error: Error): void;
  /** @param next the offset of the record that is to come next. */
  taken(topic: string, partition: number, next: bigint): void;
}

export class ConsumerSession {
  readonly #options: ConsumerOptions;
  readonly #log: Log;
  readonly #consumer: Consumer;
  readonly #listener: SessionListener;
  #generation: Generation;
  #stopping = false;
  #heard: () => void = () => undefined;
  #end: (failure: Error | undefined) => void = () => undefined;
  readonly #ended: Promise<Error | undefined>;

  constructor(options: ConsumerOptions, membership: GroupMembership, listener: SessionListener) {
    this.#options = options;
    this.#log = options.log;
    this.#listener = listener;
    this.#consumer = options.kafka.consumer({ groupId: options.groupId, ...GROUP }, membership);
    this.#generation = this.#newGeneration();
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /** Runs until it breaks (resolves with the reason) or is stopped (resolves with undefined). Never rejects. */
  async run(): Promise<Error | undefined> {
    const { GROUP_JOIN, FETCH_START, FETCH, START_BATCH_PROCESS, REBALANCING, CRASH } = this.#consumer.events;
    this.#consumer.on(GROUP_JOIN, (event) => this.#assigned(event));
    this.#consumer.on(FETCH_START, () => {
      this.#heard();
      if (!this.#stopping) this.#heard = whenSilent(this.#listener.failing);
    });
    this.#consumer.on(FETCH, () => {
      this.#heard();
      this.#listener.working();
    });
    this.#consumer.on(START_BATCH_PROCESS, (event) => this.#begun(event));
    this.#consumer.on(REBALANCING, () => void this.#generation.committer.now());
    this.#consumer.on(CRASH, ({ payload }: ConsumerCrashEvent) => this.#end(payload.error));
    await this.#start().catch((error: unknown) => this.#end(rootCause(error)));
    const failure = await this.#ended;
    this.#generation.committer.close();
    this.#heard();
    await this.#leave();
    return failure;
  }

  /** Stops fetching, waits until what was pushed is handled or `boundMs` are over, commits and leaves the group. */
  async stop(boundMs: number): Promise<void> {
    this.#stopping = true;
    try {
      this.#consumer.pause(this.#options.topics.map((topic) => ({ topic })));
      await Promise.race([this.#generation.offsets.settled(), this.#ended, sleep(boundMs, undefined, { ref: false })]);
      await Promise.race([this.#generation.committer.now(), sleep(LEAVE_BOUND_MS, undefined, { ref: false })]);
    } catch (error) {
      this.#log.debug({ err: error }, 'the consumer was stopped before it ran');
    }
    this.#end(undefined);
  }

  async #start(): Promise<void> {
    const topics = [...this.#options.topics];
    await this.#consumer.connect();
    if (!this.#stopping) await this.#consumer.subscribe({ topics, fromBeginning: true });
    if (this.#stopping) return;
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
      eachBatch: (payload) => this.#take(payload),
    });
  }

  /** A new assignment: what was taken before may belong to others, and is delivered again from what was committed. */
  #assigned({ payload }: ConsumerGroupJoinEvent): void {
    this.#generation.committer.close();
    this.#generation = this.#newGeneration();
    this.#listener.joined();
    this.#listener.working();
    const { groupId, memberAssignment } = payload;
    this.#log.info({ groupId, partitions: memberAssignment, joinMs: payload.duration }, 'joined the consumer group');
  }

  #newGeneration(): Generation {
    const offsets = new HandledOffsets();
    const committer = new OffsetCommitter(offsets, {
      commit: async (positions) => {
        failpoint('consumer-handled');
        await this.#consumer.commitOffsets([...positions]);
        failpoint('consumer-committed');
      },
      failed: (error, positions) => this.#log.debug({ err: error, positions }, 'offsets were not committed'),
    });
    return { offsets, committer };
  }

  /** Offsets without a record are not handed on. They are handled at once: at rest a group is at the end. */
  #begun({ payload: { topic, partition, batchSize, lastOffset, offsetLag } }: ConsumerStartBatchProcessEvent): void {
    if (batchSize > 0 || this.#stopping) return;
    const { offsets, committer } = this.#generation;
    const next = BigInt(lastOffset) + 1n;
    offsets.push(topic, partition, String(next))();
    committer.soon();
    this.#listener.taken(topic, partition, next);
    consumerMetrics.lag.set({ topic, partition }, Number(offsetLag));
  }

  async #take({ batch, resolveOffset, ...life }: EachBatchPayload): Promise<void> {
    if (this.#isOver(life)) return;
    const { topic, partition } = batch;
    const { offsets, committer } = this.#generation;
    const next = BigInt(batch.lastOffset()) + 1n;
    const handled = offsets.push(topic, partition, String(next));
    this.#listener.taken(topic, partition, next);
    const pushed = this.#options.sink.push(batch.messages.map((message) => recordOf(topic, partition, message)));
    // At once, and before anything can fail: the next fetch goes on behind these records.
    resolveOffset((batch.messages.at(-1) as KafkaMessage).offset);
    void pushed.handled.then(() => {
      handled();
      committer.soon();
    });
    consumerMetrics.consumed.inc({ topic }, batch.messages.length);
    consumerMetrics.lag.set({ topic, partition }, Number(batch.offsetLag()));
    await this.#waitForRoom(pushed.room, life);
  }

  /** Holds fetching up while the sink is full, but stays a member of the group. */
  async #waitForRoom(room: Promise<void>, life: Life): Promise<void> {
    while (!this.#isOver(life)) {
      if (await happens(room, LOOK_MS)) return;
      await life.heartbeat();
    }
  }

  #isOver({ isRunning, isStale }: Life): boolean {
    return this.#stopping || !isRunning() || isStale();
  }

  async #leave(): Promise<void> {
    const left = this.#consumer.disconnect().catch((error: unknown) => {
      this.#log.debug({ err: error }, 'the consumer could not leave its group; the broker will notice');
    });
    await Promise.race([left, sleep(LEAVE_BOUND_MS, undefined, { ref: false })]);
  }
}

async function happens(event: Promise<void>, withinMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, withinMs, false);
  });
  const happened = await Promise.race([event.then(() => true), over]);
  clearTimeout(timer);
  return happened;
}

type Life = Pick<EachBatchPayload, 'isRunning' | 'isStale' | 'heartbeat'>;

/** A record of a topic, with its message at hand for what is seldom asked for. */
function recordOf(topic: string, partition: number, message: KafkaMessage): KafkaRecord {
  const { offset, timestamp, key, value } = message;
  const unreadable = unreadableOf(message);
  return {
    topic,
    partition,
    offset,
    timestampMs: Number(timestamp),
    key,
    value,
    headers: headerTexts(message),
    ...(unreadable && { unreadable }),
    original: () => ({ timestamp, headers: rawHeaders(message) }),
  };
}
