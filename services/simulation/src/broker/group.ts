import type { KafkaRecord } from '@troupe/chassis/internal';

/** A position in a partition: the offset of the next record. */
export interface Position {
  readonly topic: string;
  readonly partition: number;
  /** Decimal. */
  readonly offset: string;
}

/** The records that a group reads. */
export interface Log {
  partitions(topic: string): readonly (readonly KafkaRecord[])[];
}

/** The group has a later generation, or the member is no longer in it. */
export class IllegalGeneration extends Error {
  constructor() {
    super('The group has been rebalanced since, and the partitions belong to others.');
  }
}

/** A consumer that is, or was, a member of its group. */
export interface Member {
  readonly id: string;
  /** The group has changed: the member has to join again. Not called for a member that the broker has removed. */
  rebalanced(): void;
}

/** The partitions that a member reads, from its join until the next rebalance. */
export interface Assignment {
  readonly generation: number;
  readonly from: readonly Position[];
}

/**
 * A consumer group: its members, who share all partitions, and the committed positions. Each change of the members begins a new
 * generation. A commit of an earlier generation is refused.
 */
export class Group {
  readonly #log: Log;
  readonly #topics: readonly string[];
  readonly #committed = new Map<string, string>();
  #members: Member[] = [];
  #generation = 0;

  constructor(log: Log, topics: readonly string[]) {
    this.#log = log;
    this.#topics = topics;
  }

  get size(): number {
    return this.#members.length;
  }

  isMember(member: Member): boolean {
    return this.#members.includes(member);
  }

  /** Adds a member; all members have to join again. */
  join(member: Member): void {
    this.#members = [...this.#members.filter((one) => one !== member), member];
    this.#rebalance();
  }

  /** Removes a member that left, or whose session has timed out. */
  leave(member: Member): void {
    if (!this.#members.includes(member)) return;
    this.#members = this.#members.filter((one) => one !== member);
    this.#rebalance();
  }

  /** The partitions of a member in this generation. */
  assignment(member: Member): Assignment {
    const at = this.#members.indexOf(member);
    const all = this.#topics.flatMap((topic) =>
      this.#log
        .partitions(topic)
        .map((_, partition) => ({ topic, partition, offset: this.committed(topic, partition) })),
    );
    const own = at < 0 ? [] : all.filter((_, index) => index % this.#members.length === at);
    return { generation: this.#generation, from: own };
  }

  /** The committed offset; 0 when nothing was committed. */
  committed(topic: string, partition: number): string {
    return this.#committed.get(`${topic}/${partition}`) ?? '0';
  }

  /** @throws IllegalGeneration */
  commit(member: Member, generation: number, positions: readonly Position[]): void {
    if (generation !== this.#generation || !this.#members.includes(member)) throw new IllegalGeneration();
    for (const { topic, partition, offset } of positions) this.#committed.set(`${topic}/${partition}`, offset);
  }

  /** An operator sets the offsets back: by this many records in each partition, or to the beginning. */
  resetOffsets(by = Number.POSITIVE_INFINITY): void {
    for (const [place, offset] of this.#committed) {
      this.#committed.set(place, String(Math.max(0, Number(offset) - by)));
    }
    this.#rebalance();
  }

  /** The next records of a partition, at most `most`. */
  fetch({ topic, partition, offset }: Position, most: number): readonly KafkaRecord[] {
    return this.#log.partitions(topic)[partition]?.slice(Number(offset), Number(offset) + most) ?? [];
  }

  #rebalance(): void {
    this.#generation += 1;
    for (const member of this.#members) member.rebalanced();
  }
}
