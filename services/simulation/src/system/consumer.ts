import type { KafkaRecord } from '@troupe/chassis/internal';
import { HandledOffsets, OffsetCommitter, type RecordSink } from '@troupe/chassis/internal';
import type { Broker } from '../broker/broker.ts';
import type { Group, Member, Position } from '../broker/group.ts';
import type { Incarnation } from '../world/incarnation.ts';

export interface ConsumerParts {
  readonly incarnation: Incarnation;
  readonly broker: Broker;
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly sink: RecordSink;
  /** A planted bug: offsets are committed before their effects. */
  readonly offsetBeforeCommit: boolean;
}

/** The most records in one fetch of a partition. */
const FETCH_SIZE = 3;

interface Generation {
  readonly number: number;
  readonly offsets: HandledOffsets;
  readonly committer: OffsetCommitter;
  /** By partition: the position of the next fetch. */
  readonly next: Map<string, Position>;
}

/** A member of a consumer group: the production bookkeeping of offsets, on a broker in memory. */
export class SimulatedConsumer implements Member {
  readonly id: string;
  readonly #parts: ConsumerParts;
  readonly #group: Group;
  #generation: Generation | undefined;
  #busy = false;
  #uncommitted = 0;

  constructor(parts: ConsumerParts) {
    this.id = parts.incarnation.name;
    this.#parts = parts;
    this.#group = parts.broker.group(parts.groupId, parts.topics);
    parts.broker.listen((topic) => {
      if (parts.topics.includes(topic)) this.#fetchSoon();
    });
    this.#group.join(this);
  }

  /** Whether a handled record has an offset that is not committed. */
  get hasUncommittedOffsets(): boolean {
    return this.#uncommitted > 0;
  }

  get group(): Group {
    return this.#group;
  }

  /** Whether its partitions may belong to other members: the group has a later generation. */
  get isStale(): boolean {
    return this.#generation !== undefined && this.#generation.number !== this.#group.assignment(this).generation;
  }

  rebalanced(): void {
    const { incarnation, broker } = this.#parts;
    broker.world.soon(incarnation, () => this.#joined());
  }

  #joined(): void {
    // The session of this member has timed out: it joins as a new one.
    if (!this.#group.isMember(this)) this.#group.join(this);
    const { generation, from } = this.#group.assignment(this);
    if (this.#generation?.number === generation) return;
    this.#generation?.committer.close();
    const offsets = new HandledOffsets();
    const next = new Map(from.map((position) => [`${position.topic}/${position.partition}`, position]));
    this.#generation = { number: generation, offsets, next, committer: this.#committer(generation, offsets) };
    this.#fetchSoon();
  }

  #committer(generation: number, offsets: HandledOffsets): OffsetCommitter {
    const { world } = this.#parts.broker;
    return new OffsetCommitter(offsets, {
      environment: world.environment(this.#parts.incarnation),
      commit: async (positions) => {
        await world.yieldPoint(this.#parts.incarnation);
        const lost = world.faults.inject('offsets not committed', () => `of ${this.id}`);
        if (lost || this.#parts.broker.isDown) throw new Error('The broker did not answer.');
        this.#commit(generation, positions);
      },
      failed: () => world.note('offsets not committed'),
    });
  }

  #commit(generation: number, positions: readonly Position[]): void {
    try {
      this.#group.commit(this, generation, positions);
      this.#uncommitted = 0;
    } catch (error) {
      this.#parts.broker.world.note('zombie: commit of offsets refused');
      this.rebalanced();
      throw error;
    }
  }

  /** Fetches as a later step: there may be records. */
  #fetchSoon(): void {
    if (this.#busy) return;
    this.#busy = true;
    const { broker, incarnation } = this.#parts;
    broker.world.soon(incarnation, () => {
      this.#busy = false;
      if (!broker.isDown) this.#fetch();
    });
  }

  #fetch(): void {
    const generation = this.#generation;
    if (generation === undefined) return;
    const batches = [...generation.next.values()].map((position) => this.#group.fetch(position, FETCH_SIZE));
    for (const records of batches) if (records.length > 0) this.#push(generation, records);
    if (batches.some((records) => records.length > 0)) this.#fetchSoon();
  }

  #push({ offsets, next, committer }: Generation, records: readonly KafkaRecord[]): void {
    const { topic, partition, offset } = records.at(-1) as KafkaRecord;
    const behind = String(Number(offset) + 1);
    next.set(`${topic}/${partition}`, { topic, partition, offset: behind });
    const handled = offsets.push(topic, partition, behind);
    const pushed = this.#parts.sink.push(records);
    const early = this.#parts.offsetBeforeCommit ? Promise.resolve() : pushed.handled;
    void early.then(() => {
      this.#uncommitted += 1;
      handled();
      committer.soon();
    });
  }
}
