import type { KafkaRecord } from '@troupe/chassis';
import type { Broker } from './broker.ts';

/** A place in a log: the offset of the record that is to come next. */
export interface Position {
  readonly topic: string;
  readonly partition: number;
  /** Decimal. */
  readonly offset: string;
}

/** The broker knows a later generation of this group, or does not know the member any more. */
export class IllegalGeneration extends Error {
  constructor() {
    super('The group has been rebalanced since, and the partitions belong to others.');
  }
}

/** A consumer that is, or was, a member of its group. */
export interface Member {
  readonly id: string;
  /** The group has changed: join again. Not told to a member that the broker has given up. */
  rebalanced(): void;
}

/** What a member may read, since it joined and until the next rebalance. */
export interface Assignment {
  readonly generation: number;
  readonly from: readonly Position[];
}

/**
 * A consumer group: one generation after another, each with its members, who share all partitions; and the positions that
 * were committed. A commit of an earlier generation is refused.
 */
export class Group {
  readonly #broker: Broker;
  readonly #topics: readonly string[];
  readonly #committed = new Map<string, string>();
  #members: Member[] = [];
  #generation = 0;

  constructor(broker: Broker, topics: readonly string[]) {
    this.#broker = broker;
    this.#topics = topics;
  }

  get size(): number {
    return this.#members.length;
  }

  isMember(member: Member): boolean {
    return this.#members.includes(member);
  }

  /** Everybody else has to join again. */
  join(member: Member): void {
    this.#members = [...this.#members.filter((one) => one !== member), member];
    this.#rebalance();
  }

  /** It left, or was not heard of for too long. */
  leave(member: Member): void {
    if (!this.#members.includes(member)) return;
    this.#members = this.#members.filter((one) => one !== member);
    this.#rebalance();
  }

  /** What belongs to a member in this generation. */
  assignment(member: Member): Assignment {
    const at = this.#members.indexOf(member);
    const all = this.#topics.flatMap((topic) =>
      this.#broker
        .partitions(topic)
        .map((_, partition) => ({ topic, partition, offset: this.committed(topic, partition) })),
    );
    const own = at < 0 ? [] : all.filter((_, index) => index % this.#members.length === at);
    return { generation: this.#generation, from: own };
  }

  /** From the beginning, when nothing was committed. */
  committed(topic: string, partition: number): string {
    return this.#committed.get(`${topic}/${partition}`) ?? '0';
  }

  /** @throws IllegalGeneration */
  commit(member: Member, generation: number, positions: readonly Position[]): void {
    if (generation !== this.#generation || !this.#members.includes(member)) throw new IllegalGeneration();
    for (const { topic, partition, offset } of positions) this.#committed.set(`${topic}/${partition}`, offset);
  }

  /** Somebody has set the group back: by this many records in each partition, or to the beginning. */
  throwBack(by = Number.POSITIVE_INFINITY): void {
    for (const [place, offset] of this.#committed) {
      this.#committed.set(place, String(Math.max(0, Number(offset) - by)));
    }
    this.#rebalance();
  }

  /** What comes next in a partition, as much as one fetch brings. */
  fetch({ topic, partition, offset }: Position, most: number): readonly KafkaRecord[] {
    return this.#broker.partitions(topic)[partition]?.slice(Number(offset), Number(offset) + most) ?? [];
  }

  #rebalance(): void {
    this.#generation += 1;
    for (const member of this.#members) member.rebalanced();
  }
}
