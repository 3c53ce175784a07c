import { type OutgoingRecord, type Publisher, partitionOf, RecordRefused } from '@troupe/chassis/internal';
import type { Incarnation } from '../world/incarnation.ts';
import type { Broker } from './broker.ts';

const RETRY_MS = 200;

/**
 * Writes records to their topics as the real publisher does. A request without an answer is sent again until it has one, so the
 * broker may store records twice; a request may reach some partitions and not others. A record that is too large is refused, and
 * the records before it are stored.
 */
export function publisherOf(broker: Broker, incarnation: Incarnation): Publisher {
  const { world } = broker;
  const { faults } = world;
  const about = (records: readonly OutgoingRecord[]) => () => `${records.length} records of ${incarnation.name}`;

  async function sent(records: readonly OutgoingRecord[]): Promise<boolean> {
    await world.yieldPoint(incarnation);
    if (broker.isDown) return false;
    if (faults.inject('produce half stored', about(records))) {
      world.note('produce half stored');
      broker.store(records.filter(({ key }) => key === null || partitionOf(key, 2) === 0));
      return false;
    }
    broker.store(records);
    if (faults.inject('produce answer lost', about(records))) {
      world.note('produce answer lost: ambiguous');
      return false;
    }
    await world.yieldPoint(incarnation);
    return true;
  }

  return {
    async publish(records) {
      const at = records.findIndex((record) => !broker.takes(record));
      const taken = at < 0 ? records : records.slice(0, at);
      while (taken.length > 0 && !(await sent(taken))) await world.sleep(incarnation, RETRY_MS);
      if (at >= 0) throw new RecordRefused('MESSAGE_TOO_LARGE', 'The record is larger than the topic takes.', at);
    },
    async close() {},
  };
}
