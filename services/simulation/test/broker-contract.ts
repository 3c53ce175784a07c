import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { KafkaRecord } from '@troupe/chassis/internal';
import { type OutgoingRecord, partitionOf } from '@troupe/chassis/internal';

/** A consumer of the group, as the broker sees it. */
export interface Reader {
  /** The next records, from all partitions that are its own: so many, in as many fetches as it takes. */
  next(count: number): Promise<readonly KafkaRecord[]>;
  /** That everything up to and with this record is handled. @throws when its partitions belong to others by now. */
  commit(record: KafkaRecord): Promise<void>;
  leave(): Promise<void>;
  /** With the next records it stops without a word: it says nothing more, not even that it lives. */
  fallSilent(): Promise<void>;
}

/** A broker with one empty topic of two partitions, and one group. */
export interface BrokerUnderTest {
  readonly topic: string;
  store(records: readonly OutgoingRecord[]): Promise<void>;
  /** Joins the group, and has its partitions when it resolves. */
  join(): Promise<Reader>;
  close(): Promise<void>;
}

const PARTITIONS = 2;
/** Keys of both partitions. */
const KEYS = ['order-1', 'order-2', 'order-3', 'order-4'];

/** What the runtime relies on in a broker. The same for Kafka and for the one in memory. */
export function brokerContract(open: () => Promise<BrokerUnderTest>): void {
  let subject: BrokerUnderTest;
  beforeEach(async () => {
    subject = await open();
  });
  afterEach(() => subject.close());

  const record = (key: string, value: string): OutgoingRecord => {
    return { topic: subject.topic, key, value: Buffer.from(value), headers: { ce_id: value } };
  };
  const stored = (...values: string[]) =>
    subject.store(values.flatMap((value) => KEYS.map((key) => record(key, `${key} ${value}`))));
  const texts = (records: readonly KafkaRecord[]) => records.map(({ value }) => String(value));
  const lastOf = (records: readonly KafkaRecord[], partition: number) =>
    records.filter((one) => one.partition === partition).at(-1) as KafkaRecord;

  describe('records', () => {
    it('lie in the partition of their key, in the order in which they were stored, with key, value and headers', async () => {
      await stored('a', 'b');
      await stored('c');
      const records = await (await subject.join()).next(12);
      for (const { key, partition } of records) expect(partition).toBe(partitionOf(key as Buffer, PARTITIONS));
      for (const key of KEYS) {
        const own = records.filter((one) => one.key?.toString() === key);
        expect(texts(own)).toEqual([`${key} a`, `${key} b`, `${key} c`]);
      }
      for (const { value, headers, topic } of records)
        expect([headers.ce_id, topic]).toEqual([String(value), subject.topic]);
      for (const partition of [0, 1]) {
        const offsets = records.filter((one) => one.partition === partition).map(({ offset }) => Number(offset));
        expect(offsets).toEqual(offsets.map((_, at) => at));
      }
    });
  });

  describe('a group', () => {
    it('begins with the first record, and goes on behind what was committed, whoever reads', async () => {
      await stored('a', 'b');
      const first = await subject.join();
      const read = await first.next(8);
      expect(new Set(read.map(({ partition }) => partition))).toEqual(new Set([0, 1]));
      await first.commit(lastOf(read, 0));
      await first.leave();
      const again = await (await subject.join()).next(read.filter(({ partition }) => partition === 1).length);
      expect(texts(again)).toEqual(texts(read.filter(({ partition }) => partition === 1)));
    });

    it('shares its partitions, and reads again what the last generation had not committed', async () => {
      await stored('a');
      const first = await subject.join();
      await first.next(4);
      const second = await subject.join();
      const [mine, others] = await Promise.all([first.next(1), second.next(1)]);
      expect(mine[0]?.partition).not.toBe(others[0]?.partition);
      expect([mine[0]?.offset, others[0]?.offset]).toEqual(['0', '0']);
    });

    it('gives the partitions of a silent member to another, and refuses what the silent one commits then', async () => {
      await stored('a');
      const silent = await subject.join();
      const read = await silent.next(4);
      await silent.fallSilent();
      await stored('b');
      const other = await subject.join();
      expect(texts(await other.next(8))).toEqual(expect.arrayContaining(texts(read)));
      await expect(silent.commit(lastOf(read, 0))).rejects.toThrow();
    });
  });
}
