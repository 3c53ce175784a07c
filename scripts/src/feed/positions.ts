import type { Admin, Kafka } from 'kafkajs';
import { TopicsMissing } from './topics-missing.ts';

export type Origin = 'now' | 'oldest' | Date;

interface Position {
  /** The offset to be read next. */
  next: bigint;
  /** Behind the last record that was there when the feed began. */
  readonly end: bigint;
}

/** How far each partition was read: kept here, and not in the broker, so that nothing is left behind. */
export class Positions {
  readonly #positions: Map<string, Position>;

  constructor(positions: Iterable<readonly [string, Position]>) {
    this.#positions = new Map(positions);
  }

  /** The partitions that have records from before the feed began. */
  backlog(): string[] {
    return [...this.#positions].filter(([, { next, end }]) => next < end).map(([partition]) => partition);
  }

  /** The offset to be read next; of a partition that was added later, the first. */
  next(partition: string): string {
    return String(this.#positions.get(partition)?.next ?? 0n);
  }

  /** Whether all that was there at the beginning has been read, once `offset` has. */
  isCaughtUp(partition: string, offset: string): boolean {
    return BigInt(offset) + 1n >= (this.#positions.get(partition)?.end ?? 0n);
  }

  /** Everything up to this offset has been read. */
  passed(partition: string, offset: string): void {
    const end = this.#positions.get(partition)?.end ?? 0n;
    this.#positions.set(partition, { next: BigInt(offset) + 1n, end });
  }
}

interface Wanted {
  readonly topics: readonly string[];
  readonly from: Origin;
}

/** Asks the broker where to begin. Throws TopicsMissing, or what kafkajs throws. */
export async function startingPositions(kafka: Kafka, { topics, from }: Wanted): Promise<Positions> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const present = new Set(await admin.listTopics());
    const missing = topics.filter((topic) => !present.has(topic));
    if (missing.length > 0) throw new TopicsMissing(missing);
    const perTopic = await Promise.all(topics.map((topic) => positionsOf(admin, topic, from)));
    return new Positions(perTopic.flat());
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

async function positionsOf(admin: Admin, topic: string, from: Origin): Promise<[string, Position][]> {
  const bounds = await admin.fetchTopicOffsets(topic);
  const since = from instanceof Date ? await admin.fetchTopicOffsetsByTimestamp(topic, from.getTime()) : [];
  const bySince = new Map(since.map(({ partition, offset }) => [partition, offset]));
  return bounds.map(({ partition, low, high }) => {
    const start = from === 'now' ? high : (bySince.get(partition) ?? low);
    return [`${topic}/${partition}`, { next: BigInt(start), end: BigInt(high) }];
  });
}
