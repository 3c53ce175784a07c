import type { KafkaClient } from '../client.ts';

/**
 * How far a consumer group had come, as far as this process knows: what was committed when it began, and what it has taken
 * since. Another member may have come further in a partition that was its own meanwhile.
 */
export class GroupPositions {
  readonly #kafka: KafkaClient;
  readonly #groupId: string;
  readonly #topics: readonly string[];
  #next: Map<string, bigint> | undefined;

  constructor({ kafka, groupId, topics }: { kafka: KafkaClient; groupId: string; topics: readonly string[] }) {
    this.#kafka = kafka;
    this.#groupId = groupId;
    this.#topics = topics;
  }

  /** Asks for what was committed, once. @throws when the brokers do not answer. */
  async learn(): Promise<void> {
    if (this.#next !== undefined) return;
    const question = { groupId: this.#groupId, topics: [...this.#topics] };
    const committed = await this.#kafka.ask((admin) => admin.fetchOffsets(question));
    const known = committed.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, offset }) => [placeOf(topic, partition), BigInt(offset)] as const),
    );
    this.#next = new Map(known.filter(([, offset]) => offset >= 0n));
  }

  /** @param next the offset of the record that is to come next. */
  taken(topic: string, partition: number, next: bigint): void {
    this.#next?.set(placeOf(topic, partition), next);
  }

  /** How many records at most were deleted before this group had read them. @throws when the brokers do not answer. */
  async lost(topic: string, partition: number): Promise<number> {
    const next = this.#next?.get(placeOf(topic, partition)) ?? 0n;
    const offsets = await this.#kafka.ask((admin) => admin.fetchTopicOffsets(topic));
    const earliest = BigInt(offsets.find((one) => one.partition === partition)?.low ?? 0);
    return earliest > next ? Number(earliest - next) : 0;
  }
}

const placeOf = (topic: string, partition: number): string => `${topic}/${partition}`;
