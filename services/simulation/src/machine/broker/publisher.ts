import { type OutgoingRecord, type Publisher, partitionOf, RecordRefused } from '@troupe/chassis/internal';
import type { Life } from '../world.ts';
import type { Broker } from './broker.ts';

const RETRY_MS = 200;

/**
 * Puts records on their topics as the real publisher does: what was not answered is sent again, for ever, so that the broker
 * may have it twice; and one request may reach some partitions and not others. What the topic does not take is refused, and what
 * stands before it is stored.
 */
export function publisherOf(broker: Broker, life: Life): Publisher {
  const { world } = broker;
  const { faults } = world;
  const about = (records: readonly OutgoingRecord[]) => () => `${records.length} records of ${life.name}`;

  async function sent(records: readonly OutgoingRecord[]): Promise<boolean> {
    await world.point(life);
    if (broker.isAway) return false;
    if (faults.strike('produce half stored', about(records))) {
      world.note('produce half stored');
      broker.store(records.filter(({ key }) => key === null || partitionOf(key, 2) === 0));
      return false;
    }
    broker.store(records);
    if (faults.strike('produce answer lost', about(records))) {
      world.note('produce answer lost: ambiguous');
      return false;
    }
    await world.point(life);
    return true;
  }

  return {
    async publish(records) {
      const at = records.findIndex((record) => !broker.takes(record));
      const taken = at < 0 ? records : records.slice(0, at);
      while (taken.length > 0 && !(await sent(taken))) await world.sleep(life, RETRY_MS);
      if (at >= 0) throw new RecordRefused('MESSAGE_TOO_LARGE', 'The record is larger than the topic takes.', at);
    },
    async close() {},
  };
}
