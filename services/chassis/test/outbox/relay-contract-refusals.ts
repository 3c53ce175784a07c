import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { KafkaMessage } from 'kafkajs';
import { want } from '../../src/tables/unpublished.ts';
import { hasRecords, Topics, values } from '../kafka/real-kafka.ts';
import { eventually } from '../testing/eventually.ts';
import { RealOutbox } from './real-outbox.ts';
import type { RelayOf, RelayUnderContract } from './relay-contract.ts';

/** Above what the topics of this contract take. */
const LARGE = 'x'.repeat(3_000);

/**
 * What our own relays keep when the broker refuses a record for good: the outbox goes on, each key stays in order, nothing is lost,
 * and a person decides. Run against each, on the real PostgreSQL and Kafka.
 */
export function refusalContract(name: string, relayOf: RelayOf): void {
  const topics = new Topics();
  let outbox: RealOutbox;
  let relay: RelayUnderContract;

  beforeAll(async () => {
    await topics.admin.connect();
    outbox = await RealOutbox.create();
    relay = relayOf({ outbox, topicPrefix: topics.prefix });
    await relay.start();
  }, 120_000);
  afterAll(async () => {
    await relay.close();
    await outbox.close();
    await topics.close();
  });

  async function smallTopic(aggregate: string, kind = 'events') {
    const topic = await topics.create(`${aggregate}.${kind}`, 3, { 'max.message.bytes': '2500' });
    return { topic, records: await topics.read(topic) };
  }
  /** `[key, label]`, all in one transaction. */
  async function emit(aggregate: string, rows: readonly (readonly [key: string, label: string])[]): Promise<void> {
    await outbox.sql.query(
      `INSERT INTO chassis.outbox (id, aggregatetype, aggregateid, type, payload, ce_source, ce_time, ce_correlationid, ce_causationid)
       SELECT gen_random_uuid(), $1, key, 'T', convert_to(label, 'UTF8'), '/s', '2026-11-30T00:00:00.000Z', '', ''
       FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS o(key, label, n) ORDER BY n`,
      [aggregate, rows.map(([key]) => key), rows.map(([, label]) => label)],
    );
  }
  async function aside(topic: string): Promise<readonly { id: string; key: string; code: string | null }[]> {
    const { rows } = await outbox.sql.query<{ id: string; key: string; code: string | null }>(
      'SELECT id, key, error_code AS code FROM chassis.relay_aside WHERE topic = $1 ORDER BY outbox, position',
      [topic],
    );
    return rows;
  }
  const decide = async (topic: string, wanted: 'retry' | 'discard') => {
    const [first] = await aside(topic);
    const sql = {
      $queryRawUnsafe: noRows,
      $executeRawUnsafe: (text: string, ...of: unknown[]) => outbox.sql.query(text, of).then(() => 0),
    };
    await want(sql, first?.id ?? '', wanted);
  };
  const raise = (topic: string) =>
    topics.admin.alterConfigs({
      validateOnly: false,
      resources: [{ type: TOPIC, name: topic, configEntries: [{ name: 'max.message.bytes', value: '1048588' }] }],
    });

  describe(`${name}: a record that the broker refuses for good`, () => {
    it('is set aside with its reason; the events of its key wait, and those of other keys and topics do not', async () => {
      const { topic, records } = await smallTopic('refused');
      const { records: elsewhere } = await smallTopic('elsewhere');
      await emit('refused', [
        ['a', 'a1'],
        ['b', 'b1'],
        ['a', `a2 ${LARGE}`],
        ['a', 'a3'],
        ['b', 'b2'],
        ['c', 'c1'],
      ]);
      await emit('elsewhere', [['a', 'fine']]);
      await emit('refused', [
        ['a', 'a4'],
        ['b', 'b3'],
      ]);
      const expected = ['a1', 'b1', 'b2', 'b3', 'c1'];
      await eventually(() => expected.every((label) => values(records).includes(label)), 'the outbox goes on');
      await hasRecords(elsewhere, 1);
      await eventually(async () => (await aside(topic)).length === 3, 'the events of its key wait');
      expect([labelsOf(records, 'a'), labelsOf(records, 'b'), labelsOf(records, 'c')]).toEqual([
        ['a1'],
        ['b1', 'b2', 'b3'],
        ['c1'],
      ]);
      expect((await aside(topic)).map(({ key, code }) => [key, code])).toEqual([
        ['a', 'MESSAGE_TOO_LARGE'],
        ['a', null],
        ['a', null],
      ]);
    });

    it('is tried again when an operator asks for it: in vain as long as the cause lasts, then in order with all that waits', async () => {
      const { topic, records } = await smallTopic('again');
      await emit('again', [
        ['a', `a1 ${LARGE}`],
        ['a', 'a2'],
        ['b', 'b1'],
      ]);
      await eventually(() => values(records).includes('b1'), 'the outbox goes on');
      await eventually(async () => (await aside(topic)).length === 2, 'both are aside');
      await decide(topic, 'retry');
      await eventually(async () => (await attemptsOf(topic)) === 2, 'it was tried again');
      expect(labelsOf(records, 'a')).toEqual([]);
      await raise(topic);
      await decide(topic, 'retry');
      await eventually(async () => (await aside(topic)).length === 0, 'nothing is aside any more');
      await emit('again', [['a', 'a3']]);
      await eventually(() => values(records).includes('a3'), 'its key goes on');
      expect(labelsOf(records, 'a')).toEqual([`a1 ${LARGE}`, 'a2', 'a3']);
    });

    it('is let go when an operator says so, and what waits behind it is published', async () => {
      const { topic, records } = await smallTopic('gone');
      await emit('gone', [
        ['a', `a1 ${LARGE}`],
        ['a', 'a2'],
      ]);
      await eventually(async () => (await aside(topic)).length === 2, 'both are aside');
      await decide(topic, 'discard');
      await eventually(async () => (await aside(topic)).length === 0, 'nothing is aside any more');
      await hasRecords(records, 1);
      expect(values(records)).toEqual(['a2']);
    });

    it('stays aside, with its key, when the relay dies and another takes over', async () => {
      const { topic, records } = await smallTopic('death');
      await emit('death', [
        ['a', `a1 ${LARGE}`],
        ['a', 'a2'],
        ['b', 'b1'],
      ]);
      await eventually(async () => (await aside(topic)).length === 2, 'both are aside');
      await relay.kill();
      await emit('death', [
        ['a', 'a3'],
        ['b', 'b2'],
      ]);
      await relay.start();
      await eventually(() => values(records).includes('b2'), 'the outbox goes on');
      await eventually(async () => (await aside(topic)).length === 3, 'the new one waits as well');
      expect(labelsOf(records, 'a')).toEqual([]);
      expect((await aside(topic)).map(({ code }) => code)).toEqual(['MESSAGE_TOO_LARGE', null, null]);
    });

    it('leaves nothing waiting when the relay dies after it let go what was refused, and before what waits behind it', async () => {
      const { topic, records } = await smallTopic('between');
      await emit('between', [
        ['a', `a1 ${LARGE}`],
        ['a', 'a2'],
        ['b', 'b1'],
      ]);
      await eventually(async () => (await aside(topic)).length === 2, 'both are aside');
      // Behind the next record the first ones are acknowledged: they do not come again with the log.
      await emit('between', [['b', 'b2']]);
      await eventually(() => values(records).includes('b2'), 'the outbox goes on');
      await relay.kill();
      await outbox.sql.query('DELETE FROM chassis.outbox WHERE id = $1', [(await aside(topic))[0]?.id]);
      await outbox.sql.query('DELETE FROM chassis.relay_aside WHERE topic = $1 AND error_code IS NOT NULL', [topic]);
      await emit('between', [['a', 'a3']]);
      await relay.start();
      await eventually(() => values(records).includes('a3'), 'its key goes on');
      await eventually(async () => (await aside(topic)).length === 0, 'nothing is aside any more');
      expect(labelsOf(records, 'a')).toEqual(['a2', 'a3']);
    });

    it('makes nothing else wait when it is a dead letter', async () => {
      const { topic, records } = await smallTopic('refused', 'dlq');
      await outbox.sql.query(
        `INSERT INTO chassis.dead_letter_outbox (id, aggregatetype, aggregateid, payload, x_original_topic, x_original_partition,
                                         x_original_offset, x_error_class, x_error_message, x_attempts, x_replays)
         SELECT gen_random_uuid(), 'refused', 'a', convert_to(label, 'UTF8'), 't', '0', '0', 'C', '', '1', '0'
         FROM unnest($1::text[]) WITH ORDINALITY AS d(label, n) ORDER BY n`,
        [['one', LARGE, 'two']],
      );
      await eventually(() => values(records).includes('two'), 'the outbox goes on');
      await eventually(async () => (await aside(topic)).length === 1, 'it is aside');
      expect([...new Set(values(records))]).toEqual(['one', 'two']);
    });
  });

  async function attemptsOf(topic: string): Promise<number> {
    const { rows } = await outbox.sql.query<{ attempts: number }>(
      'SELECT max(attempts) AS attempts FROM chassis.relay_aside WHERE topic = $1',
      [topic],
    );
    return rows[0]?.attempts ?? 0;
  }
}

/** kafkajs 2.2.4 keeps its enumeration where an ES module cannot import it by name. */
const TOPIC = 2;
const noRows = async <Rows>(): Promise<Rows> => [] as Rows;

/** Each once, where it came first. */
const labelsOf = (records: readonly KafkaMessage[], key: string): string[] => [
  ...new Set(values(records.filter((record) => String(record.key) === key))),
];
