import type { KafkaRecord } from '@troupe/chassis';
import { HandledOffsets, OffsetCommitter, type RecordSink } from '@troupe/chassis/internal';
import type { Broker } from '../broker/broker.ts';
import type { Group, Member, Position } from '../broker/group.ts';
import type { Life } from '../world.ts';

export interface ConsumerParts {
  readonly life: Life;
  readonly broker: Broker;
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly sink: RecordSink;
  /** What a test plants: offsets are committed before their effects are. */
  readonly offsetBeforeCommit: boolean;
}

/** Records in one fetch of a partition. */
const FETCH = 3;

interface Generation {
  readonly number: number;
  readonly offsets: HandledOffsets;
  readonly committer: OffsetCommitter;
  /** By partition: what to fetch next. */
  readonly next: Map<string, Position>;
}

/** A member of a consumer group: the real bookkeeping of offsets, on a broker in memory. */
export class SimulatedConsumer implements Member {
  readonly id: string;
  readonly #parts: ConsumerParts;
  readonly #group: Group;
  #generation: Generation | undefined;
  #busy = false;
  #owed = 0;

  constructor(parts: ConsumerParts) {
    this.id = parts.life.name;
    this.#parts = parts;
    this.#group = parts.broker.group(parts.groupId, parts.topics);
    parts.broker.listen((topic) => {
      if (parts.topics.includes(topic)) this.#more();
    });
    this.#group.join(this);
  }

  /** Whether something is handled whose offset is not committed yet. */
  get owesCommit(): boolean {
    return this.#owed > 0;
  }

  get group(): Group {
    return this.#group;
  }

  /** Whether the partitions that it reads may belong to others by now. */
  get isStale(): boolean {
    return this.#generation !== undefined && this.#generation.number !== this.#group.assignment(this).generation;
  }

  rebalanced(): void {
    const { life, broker } = this.#parts;
    broker.world.soon(life, () => this.#joined());
  }

  #joined(): void {
    // The broker has given up on a member that was silent for too long: it comes back as a new one.
    if (!this.#group.isMember(this)) this.#group.join(this);
    const { generation, from } = this.#group.assignment(this);
    if (this.#generation?.number === generation) return;
    this.#generation?.committer.close();
    const offsets = new HandledOffsets();
    const next = new Map(from.map((position) => [`${position.topic}/${position.partition}`, position]));
    this.#generation = { number: generation, offsets, next, committer: this.#committer(generation, offsets) };
    this.#more();
  }

  #committer(generation: number, offsets: HandledOffsets): OffsetCommitter {
    const { world } = this.#parts.broker;
    return new OffsetCommitter(offsets, {
      environment: world.environment(this.#parts.life),
      commit: async (positions) => {
        await world.point(this.#parts.life);
        const lost = world.faults.strike('offsets not committed', () => `of ${this.id}`);
        if (lost || this.#parts.broker.isAway) throw new Error('The broker did not answer.');
        this.#commit(generation, positions);
      },
      failed: () => world.note('offsets not committed'),
    });
  }

  #commit(generation: number, positions: readonly Position[]): void {
    try {
      this.#group.commit(this, generation, positions);
      this.#owed = 0;
    } catch (error) {
      this.#parts.broker.world.note('zombie: commit of offsets refused');
      this.rebalanced();
      throw error;
    }
  }

  /** Something may be there to be fetched. */
  #more(): void {
    if (this.#busy) return;
    this.#busy = true;
    const { broker, life } = this.#parts;
    broker.world.soon(life, () => {
      this.#busy = false;
      if (!broker.isAway) this.#fetch();
    });
  }

  #fetch(): void {
    const generation = this.#generation;
    if (generation === undefined) return;
    const batches = [...generation.next.values()].map((position) => this.#group.fetch(position, FETCH));
    for (const records of batches) if (records.length > 0) this.#push(generation, records);
    if (batches.some((records) => records.length > 0)) this.#more();
  }

  #push({ offsets, next, committer }: Generation, records: readonly KafkaRecord[]): void {
    const { topic, partition, offset } = records.at(-1) as KafkaRecord;
    const behind = String(Number(offset) + 1);
    next.set(`${topic}/${partition}`, { topic, partition, offset: behind });
    const handled = offsets.push(topic, partition, behind);
    const pushed = this.#parts.sink.push(records);
    const early = this.#parts.offsetBeforeCommit ? Promise.resolve() : pushed.handled;
    void early.then(() => {
      this.#owed += 1;
      handled();
      committer.soon();
    });
  }
}
