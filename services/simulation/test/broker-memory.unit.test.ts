import type { KafkaRecord } from '@troupe/chassis/internal';
import { Broker } from '../src/broker/broker.ts';
import type { Assignment, Group, Member } from '../src/broker/group.ts';
import { Faults } from '../src/world/faults.ts';
import { World } from '../src/world/world.ts';
import { brokerContract, type Reader } from './broker-contract.ts';

const TOPIC = 'order.events';

class MemoryReader implements Member, Reader {
  readonly id = 'reader';
  readonly #group: Group;
  #assignment: Assignment | undefined;
  #next = new Map<string, number>();

  constructor(group: Group) {
    this.#group = group;
    group.join(this);
  }

  rebalanced(): void {
    this.#assignment = this.#group.assignment(this);
    this.#next = new Map(
      this.#assignment.from.map(({ topic, partition, offset }) => [`${topic}/${partition}`, Number(offset)]),
    );
  }

  async next(count: number): Promise<readonly KafkaRecord[]> {
    const read: KafkaRecord[] = [];
    for (const { topic, partition } of this.#assignment?.from ?? []) {
      const place = `${topic}/${partition}`;
      const from = this.#next.get(place) ?? 0;
      const records = this.#group.fetch({ topic, partition, offset: String(from) }, count - read.length);
      this.#next.set(place, from + records.length);
      read.push(...records);
    }
    return read;
  }

  async commit({ topic, partition, offset }: KafkaRecord): Promise<void> {
    const position = { topic, partition, offset: String(Number(offset) + 1) };
    this.#group.commit(this, this.#assignment?.generation ?? 0, [position]);
  }

  async leave(): Promise<void> {
    this.#group.leave(this);
  }

  async fallSilent(): Promise<void> {
    this.#group.leave(this);
  }
}

brokerContract(async () => {
  const broker = new Broker(new World(1, new Faults(1)));
  return {
    topic: TOPIC,
    store: async (records) => broker.store(records),
    join: async () => new MemoryReader(broker.group('group', [TOPIC])),
    close: async () => undefined,
  };
});
