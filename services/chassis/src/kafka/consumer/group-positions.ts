import type { ConsumerOptions } from './consumer-session.ts';

/** How far the group had come when this process began, and what it has taken since. Another member may be further. */
export class GroupPositions {
  readonly #group: Pick<ConsumerOptions, 'kafka' | 'groupId' | 'topics'>;
  #next: Map<string, bigint> | undefined;

  constructor(group: Pick<ConsumerOptions, 'kafka' | 'groupId' | 'topics'>) {
    this.#group = group;
  }

  /** Asks for what was committed, once. @throws when the brokers do not answer. */
  async learn(): Promise<void> {
    if (this.#next !== undefined) return;
    const { kafka, groupId, topics } = this.#group;
    const committed = await kafka.ask((admin) => admin.fetchOffsets({ groupId, topics: [...topics] }));
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
    const offsets = await this.#group.kafka.ask((admin) => admin.fetchTopicOffsets(topic));
    const earliest = BigInt(offsets.find((one) => one.partition === partition)?.low ?? 0);
    return earliest > next ? Number(earliest - next) : 0;
  }
}

const placeOf = (topic: string, partition: number): string => `${topic}/${partition}`;
