import { type Admin, AssignerProtocol, type GroupDescription } from 'kafkajs';
import type { KafkaClient } from './client.ts';

/** A consumer group as its broker describes it. */
export interface GroupLook {
  readonly id: string;
  /** `Stable`, `PreparingRebalance`, `Empty`, `Dead` and the like. */
  readonly state: string;
  readonly members: readonly {
    readonly id: string;
    readonly host: string;
    /** `<topic>/<partition>` */
    readonly partitions: readonly string[];
  }[];
  /** By `<topic>/<partition>`: the next offset that is read, decimal. A partition of which nothing was committed is left out. */
  readonly committed: Readonly<Record<string, string>>;
}

/** Decimal offsets of a partition: of the first record that is kept, and of the next that is written. */
export interface PartitionEnds {
  readonly partition: number;
  readonly begin: string;
  readonly end: string;
}

/** Asks the brokers how groups and topics stand, over a connection that is kept. Changes nothing. */
export class ClusterLook {
  readonly #kafka: Pick<KafkaClient, 'admin'>;
  #admin: Promise<Admin> | undefined;
  /** Topics that were found to exist. One that is deleted fails the next look, and they are looked for anew. */
  #there = new Set<string>();

  constructor(kafka: Pick<KafkaClient, 'admin'>) {
    this.#kafka = kafka;
  }

  /** In the order in which they were asked for. @throws when the brokers do not answer. */
  groups(ids: readonly string[]): Promise<readonly GroupLook[]> {
    return this.#ask(async (admin) => {
      const [{ groups }, ...committed] = await Promise.all([
        admin.describeGroups([...ids]),
        ...ids.map((groupId) => admin.fetchOffsets({ groupId })),
      ]);
      return ids.map((id, at) => ({ ...described(id, groups), committed: committedOf(committed[at] ?? []) }));
    });
  }

  /** A topic that does not exist has no partitions. @throws when the brokers do not answer. */
  topics(names: readonly string[]): Promise<ReadonlyMap<string, readonly PartitionEnds[]>> {
    return this.#ask(async (admin) => {
      if (names.some((name) => !this.#there.has(name))) this.#there = new Set(await admin.listTopics());
      const there = this.#there;
      const found = await Promise.all(
        names.map(async (name) => [name, there.has(name) ? await admin.fetchTopicOffsets(name) : []] as const),
      );
      return new Map(found.map(([name, partitions]) => [name, partitions.map(ends).sort(byPartition)]));
    });
  }

  /** Safe to call twice; never rejects. */
  async close(): Promise<void> {
    const admin = this.#admin;
    this.#admin = undefined;
    this.#there = new Set();
    await admin?.then((open) => open.disconnect()).catch(() => undefined);
  }

  async #ask<Answer>(question: (admin: Admin) => Promise<Answer>): Promise<Answer> {
    try {
      this.#admin ??= connected(this.#kafka.admin());
      return await question(await this.#admin);
    } catch (error) {
      await this.close();
      throw error;
    }
  }
}

async function connected(admin: Admin): Promise<Admin> {
  await admin.connect();
  return admin;
}

function described(id: string, groups: readonly GroupDescription[]): Omit<GroupLook, 'committed'> {
  const { state = 'Dead', members = [] } = groups.find(({ groupId }) => groupId === id) ?? {};
  return {
    id,
    state,
    members: members.map(({ memberId, clientHost, memberAssignment }) => ({
      id: memberId,
      host: clientHost.replace(/^\//, ''),
      partitions: partitionsOf(memberAssignment),
    })),
  };
}

function partitionsOf(assignment: Buffer): readonly string[] {
  const decoded = assignment.length === 0 ? null : AssignerProtocol.MemberAssignment.decode(assignment);
  const topics = Object.entries(decoded?.assignment ?? {});
  return topics.flatMap(([topic, partitions]) => partitions.map((partition) => `${topic}/${partition}`));
}

type Offsets = Awaited<ReturnType<Admin['fetchOffsets']>>;

function committedOf(topics: Offsets): Readonly<Record<string, string>> {
  const all = topics.flatMap(({ topic, partitions }) =>
    partitions.map(({ partition, offset }) => [`${topic}/${partition}`, offset] as const),
  );
  return Object.fromEntries(all.filter(([, offset]) => !offset.startsWith('-')));
}

const ends = ({ partition, low, high }: { partition: number; low: string; high: string }): PartitionEnds => ({
  partition,
  begin: low,
  end: high,
});
const byPartition = (one: PartitionEnds, other: PartitionEnds): number => one.partition - other.partition;
