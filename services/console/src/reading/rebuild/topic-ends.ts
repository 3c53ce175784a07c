import type { KafkaClient } from '@troupe/chassis/internal';
import type { Reached } from '../../store/shadow-tables.ts';

/** A partition as it was when it was asked. Decimal offsets. */
export interface PartitionEnd {
  readonly topic: string;
  readonly partition: number;
  /** Of the first record that is still there. */
  readonly low: string;
  /** Of the record that is written next. */
  readonly high: string;
}

export async function endsOf(kafka: KafkaClient, topics: readonly string[]): Promise<readonly PartitionEnd[]> {
  return kafka.ask(async (admin) => {
    const found = await Promise.all(
      topics.map(async (topic) => ({ topic, ends: await admin.fetchTopicOffsets(topic) })),
    );
    return found.flatMap(({ topic, ends }) =>
      ends.map(({ partition, low, high }) => ({ topic, partition, low, high })),
    );
  });
}

/** How far a group has come, in every partition that there was at the beginning. One without records is read to its end. */
export async function reachedBy(
  kafka: KafkaClient,
  groupId: string,
  ends: readonly PartitionEnd[],
): Promise<readonly Reached[]> {
  const topics = [...new Set(ends.map(({ topic }) => topic))];
  const committed = await kafka.ask((admin) => admin.fetchOffsets({ groupId, topics }));
  const next = new Map(
    committed.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, offset }) => [`${topic}/${partition}`, offset] as const),
    ),
  );
  return ends.map(({ topic, partition, low, high }) => {
    const offset = BigInt(next.get(`${topic}/${partition}`) ?? -1);
    return { topic, partition, next: offset >= 0n ? String(offset) : low === high ? high : low };
  });
}

/** How many of the records that there were at the beginning are read. */
export function progressOf(
  ends: readonly PartitionEnd[],
  reached: readonly Reached[],
): { readonly done: bigint; readonly of: bigint } {
  let [done, of] = [0n, 0n];
  for (const [at, { low, high }] of ends.entries()) {
    const next = BigInt(reached[at]?.next ?? low);
    of += BigInt(high) - BigInt(low);
    done += (next < BigInt(high) ? next : BigInt(high)) - BigInt(low);
  }
  return { done, of };
}

/** Groups of rebuilds are of no use to anybody afterwards. One that still has a member is left. */
export async function forgetGroups(kafka: KafkaClient, beginning: string): Promise<void> {
  await kafka.ask(async (admin) => {
    const { groups } = await admin.listGroups();
    const own = groups.map(({ groupId }) => groupId).filter((groupId) => groupId.startsWith(beginning));
    await Promise.all(own.map((groupId) => admin.deleteGroups([groupId]).catch(() => undefined)));
  });
}
