import { type Addresses, serviceNames } from '@troupe/embedded';
import type { Admin } from 'kafkajs';
import { sum } from '../../measure/statistics.ts';
import { kafkaAdmin } from '../../stack/kafka-admin.ts';
import type { Reading } from './book.ts';

/** How far the consumer groups are behind. */
export class Topics {
  readonly #kafka: Admin;

  private constructor(kafka: Admin) {
    this.#kafka = kafka;
  }

  static async open(addresses: Addresses): Promise<Topics> {
    return new Topics(await kafkaAdmin(addresses));
  }

  async read(): Promise<readonly Reading[]> {
    const committed = await Promise.all(serviceNames.map((groupId) => this.#kafka.fetchOffsets({ groupId })));
    const topics = [...new Set(committed.flatMap((group) => group.map(({ topic }) => topic)))];
    const bounds = new Map<string, Bounds>();
    for (const topic of topics) {
      for (const { partition, low, high } of await this.#kafka.fetchTopicOffsets(topic)) {
        bounds.set(`${topic} ${partition}`, { low: Number(low), high: Number(high) });
      }
    }
    return serviceNames.map((of, at) => {
      const behind = (committed[at] ?? []).flatMap(({ topic, partitions }) =>
        partitions.map(({ partition, offset }) => behindBy(offset, bounds.get(`${topic} ${partition}`))),
      );
      return { what: 'consumer lag', of, unit: 'records', slack: 1_000, value: sum(behind) };
    });
  }

  close(): Promise<void> {
    return this.#kafka.disconnect();
  }
}

interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** A group without a commit, or whose commit is no longer in the log, reads on at the first record that is left. */
function behindBy(committed: string, { low, high }: Bounds = { low: 0, high: 0 }): number {
  return high - Math.max(low, Number(committed));
}
