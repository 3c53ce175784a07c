import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { KafkaMessage } from 'kafkajs';
import type { Client } from 'pg';
import { hasRecords, Topics, values } from '../kafka/real-kafka.ts';
import { eventually } from '../testing/eventually.ts';
import { RealOutbox } from './real-outbox.ts';
import { deadLetters, events, expectedDeadLetters, expectedEvents, type Row } from './relay-contract-rows.ts';

/** A relay, as its contract sees it. */
export interface RelayUnderContract {
  /** Publishes the outbox from where the last one stopped. Resolves when it is at work. */
  start(): Promise<void>;
  /** Goes, in order. */
  stop(): Promise<void>;
  /** Goes in the middle of whatever it does. */
  kill(): Promise<void>;
  /** Goes for good. */
  close(): Promise<void>;
}

/** Where a relay works: a database of its own, and a prefix for its topics. */
export interface Place {
  readonly outbox: RealOutbox;
  readonly topicPrefix: string;
}

export type RelayOf = (place: Place) => RelayUnderContract;

const PARTITIONS = 6;

/**
 * What every relay keeps, whatever it is made of: the same bytes on the same partitions, at least once, in order for
 * each key. Run against each implementation, on the real PostgreSQL and Kafka.
 */
export function relayContract(name: string, relayOf: RelayOf): void {
  const topics = new Topics();
  const relays: RelayUnderContract[] = [];
  const outboxes: RealOutbox[] = [];
  let outbox: RealOutbox;
  let relay: RelayUnderContract;

  beforeAll(async () => {
    await topics.admin.connect();
    // Where a relay of Debezium says that it is there.
    await topics.create('debezium.heartbeats');
    [outbox, relay] = await startAt(topics.prefix);
  }, 240_000);
  afterAll(async () => {
    await Promise.all(relays.map((one) => one.close()));
    await Promise.all(outboxes.map((one) => one.close()));
    await topics.close();
  });

  async function startAt(topicPrefix: string): Promise<[RealOutbox, RelayUnderContract]> {
    const place = { outbox: await RealOutbox.create(), topicPrefix };
    const started = relayOf(place);
    outboxes.push(place.outbox);
    relays.push(started);
    await started.start();
    return [place.outbox, started];
  }
  const topicOf = async (aggregate: string) => topics.read(await topics.create(`${aggregate}.events`, PARTITIONS));
  const emit = (labels: readonly string[], to: Target) => emitWith(outbox.sql, labels, to);

  describe(`${name}: what it puts on a topic`, () => {
    it('is the key, the value, the headers and the partition of the wire conventions, byte for byte', async () => {
      const records = await topicOf('bytes');
      await insert(outbox.sql, 'outbox', events);
      await hasRecords(records, events.length);
      expect(shownByPartition(records)).toEqual(expectedEvents);
    });

    it('is a dead letter with its own bytes and headers, and what is known of its failure', async () => {
      const records = await topics.read(await topics.create('bytes.dlq', PARTITIONS));
      await insert(outbox.sql, 'dead_letter_outbox', deadLetters);
      await hasRecords(records, deadLetters.length);
      expect(shownByPartition(records)).toEqual(expectedDeadLetters);
    });

    it('has no key when the dead letter had none, and an empty one when it was empty', async () => {
      const records = await topics.read(await topics.create('keys.dlq'));
      const row = {
        aggregatetype: 'keys',
        payload: Buffer.from('bytes'),
        x_original_topic: 't',
        x_original_partition: '0',
      };
      const why = { x_original_offset: '0', x_error_class: 'C', x_error_message: '', x_attempts: '1', x_replays: '0' };
      const keys = [null, '', 'k'];
      const deadLetters = keys.map((aggregateid) => ({ id: randomUUID(), aggregateid, ...row, ...why }));
      await insert(outbox.sql, 'dead_letter_outbox', deadLetters);
      await hasRecords(records, keys.length);
      expect(records.map(({ key }) => key?.toString() ?? null)).toEqual(keys);
    });

    it('is what was committed, also by a transaction that began first and committed last, and nothing else', async () => {
      const records = await topicOf('commits');
      const [long, undone] = [await outbox.connect(), await outbox.connect()];
      await long.query('BEGIN');
      await undone.query('BEGIN');
      await emitWith(long, ['long 1', 'long 2'], { aggregate: 'commits', key: 'long' });
      await emitWith(undone, ['undone'], { aggregate: 'commits', key: 'undone' });
      await emit(['short 1', 'short 2'], { aggregate: 'commits', key: 'short' });
      // A relay may wait for the end of the long one. One that does not has passed its rows by now.
      await Promise.race([hasRecords(records, 2), sleep(1_000)]);
      await emitWith(long, ['long 3'], { aggregate: 'commits', key: 'long' });
      await undone.query('ROLLBACK');
      await long.query('COMMIT');
      await emit(['short 3'], { aggregate: 'commits', key: 'short' });
      await hasRecords(records, 6);
      expect(labelsOf(records, 'long')).toEqual(['long 1', 'long 2', 'long 3']);
      expect(labelsOf(records, 'short')).toEqual(['short 1', 'short 2', 'short 3']);
      expect(values(records)).not.toContain('undone');
    });

    it('is in the order of its key, also when there is much of it in one transaction', async () => {
      const records = await topicOf('much');
      const labels = Array.from({ length: 3_000 }, (_, at) => `row ${at}`);
      await emit(labels, { aggregate: 'much', key: 'one' });
      await hasRecords(records, labels.length);
      expect(labelsOf(records, 'one')).toEqual(labels);
    });
  });

  it(`${name}: two with different prefixes do not mix`, async () => {
    const other = `${topics.prefix}other.`;
    await topics.create('other.debezium.heartbeats');
    const [here, there] = [await topicOf('mixed'), await topicOf('other.mixed')];
    const [otherOutbox] = await startAt(other);
    await emitWith(otherOutbox.sql, ['there'], { aggregate: 'mixed', key: 'same' });
    await emit(['here'], { aggregate: 'mixed', key: 'same' });
    await Promise.all([hasRecords(here, 1), hasRecords(there, 1)]);
    await emitWith(otherOutbox.sql, ['there too'], { aggregate: 'mixed', key: 'same' });
    await hasRecords(there, 2);
    expect([values(here), values(there)]).toEqual([['here'], ['there', 'there too']]);
  });

  describe(`${name}: when it goes`, () => {
    it('and returns, what was written meanwhile arrives in order, and what had arrived is not missing', async () => {
      const records = await topicOf('away');
      await emit(['before'], { aggregate: 'away', key: 'one' });
      await hasRecords(records, 1);
      await relay.stop();
      await emit(['while 1', 'while 2'], { aggregate: 'away', key: 'one' });
      await emit(['while 3'], { aggregate: 'away', key: 'one' });
      await relay.start();
      await emit(['after'], { aggregate: 'away', key: 'one' });
      await eventually(() => values(records).includes('after'), 'the last row is on the topic');
      expect(firstOccurrences(labelsOf(records, 'one'))).toEqual(['before', 'while 1', 'while 2', 'while 3', 'after']);
    });

    it('and returns after its tables were given to the chassis, what was written under their old names arrives in order', async () => {
      const records = await topicOf('moved');
      const dead = await topics.read(await topics.create('moved.dlq'));
      await relay.stop();
      for (const table of TABLES) await outbox.sql.query(`ALTER TABLE chassis.${table} SET SCHEMA public`);
      await outbox.sql.query(INSERT.replace('chassis.', 'public.'), [['before 1', 'before 2'], 'moved', 'one']);
      await outbox.sql.query(INSERT_DEAD.replace('chassis.', 'public.'), ['before']);
      for (const table of TABLES) await outbox.sql.query(`ALTER TABLE public.${table} SET SCHEMA chassis`);
      await emit(['after 1'], { aggregate: 'moved', key: 'one' });
      await outbox.sql.query(INSERT_DEAD, ['after']);
      await relay.start();
      await emit(['after 2'], { aggregate: 'moved', key: 'one' });
      await eventually(() => values(records).includes('after 2'), 'the last row is on the topic');
      expect(firstOccurrences(labelsOf(records, 'one'))).toEqual(['before 1', 'before 2', 'after 1', 'after 2']);
      await eventually(() => values(dead).includes('after'), 'the last dead letter is on its topic');
      expect(firstOccurrences(values(dead))).toEqual(['before', 'after']);
    });

    it('and returns after its tables got another column, what was written before comes without its header or with its default', async () => {
      const records = await topicOf('widened');
      const dead = await topics.read(await topics.create('widened.dlq'));
      await relay.stop();
      for (const table of TABLES) await outbox.sql.query(`ALTER TABLE chassis.${table} DROP COLUMN ce_depth`);
      await emit(['before'], { aggregate: 'widened', key: 'one' });
      await outbox.sql.query(INSERT_DEAD.replace('moved', 'widened'), ['before']);
      await outbox.sql.query(readFileSync(EVENT_DEPTH, 'utf8').replace(/^ALTER TABLE chassis.task .*$/m, ''));
      await emit(['after'], { aggregate: 'widened', key: 'one' });
      await outbox.sql.query(INSERT_DEAD.replace('moved', 'widened'), ['after']);
      await relay.start();
      await eventually(() => values(records).includes('after'), 'the last row is on the topic');
      await eventually(() => values(dead).includes('after'), 'the last dead letter is on its topic');
      expect(firstOccurrences(values(records))).toEqual(['before', 'after']);
      expect(firstOccurrences(values(dead))).toEqual(['before', 'after']);
      // From the log as it was written, or from the table as it is now.
      expect([undefined, '1']).toContain(records[0]?.headers?.ce_depth?.toString());
      expect([undefined, '']).toContain(dead[0]?.headers?.ce_depth?.toString());
      expect(records.at(-1)?.headers?.ce_depth?.toString()).toBe('1');
      expect(dead.at(-1)?.headers?.ce_depth?.toString()).toBe('');
      expect(Object.keys(records[0]?.headers ?? {}).filter((name) => name !== 'ce_depth')).toEqual(
        Object.keys(records.at(-1)?.headers ?? {}).filter((name) => name !== 'ce_depth'),
      );
    });

    it('in the middle of a load, nothing is missing, and each key is in order where it first appears', async () => {
      const records = await topicOf('load');
      const keys = Array.from({ length: 8 }, () => randomUUID());
      const load = writeLoad(outbox, keys);
      await hasRecords(records, 200);
      await relay.kill();
      await relay.start();
      await hasRecords(records, 500);
      await relay.kill();
      await load;
      await relay.start();
      const expected = Array.from({ length: ROWS_PER_KEY }, (_, at) => `${at}`);
      const missing = () => keys.filter((key) => new Set(labelsOf(records, key)).size < ROWS_PER_KEY);
      await eventually(() => missing().length === 0, 'every row is on the topic', 180_000);
      for (const key of keys) expect(firstOccurrences(labelsOf(records, key))).toEqual(expected);
    }, 240_000);
  });
}

interface Target {
  readonly aggregate: string;
  readonly key: string;
}

const INSERT = `
  INSERT INTO chassis.outbox (id, aggregatetype, aggregateid, type, payload, ce_source, ce_time, ce_correlationid, ce_causationid)
  SELECT gen_random_uuid(), $2, $3, 'troupe.order.OrderCreated', convert_to(label, 'UTF8'), '/troupe/order',
         '2026-11-21T07:00:00.000Z', 'correlation', 'cause'
  FROM unnest($1::text[]) WITH ORDINALITY AS o(label, position) ORDER BY position`;

const TABLES = ['outbox', 'dead_letter_outbox'];
const EVENT_DEPTH = new URL('../../migrations/000008_event_depth.sql', import.meta.url);
const INSERT_DEAD = `
  INSERT INTO chassis.dead_letter_outbox (id, aggregatetype, aggregateid, payload, x_original_topic, x_original_partition,
                                          x_original_offset, x_error_class, x_error_message, x_attempts, x_replays)
  VALUES (gen_random_uuid(), 'moved', 'one', convert_to($1, 'UTF8'), 't', '0', '7', 'C', '', '1', '0')`;

/** One row for each label, which is its payload, in one statement. */
async function emitWith(client: Client, labels: readonly string[], { aggregate, key }: Target): Promise<void> {
  await client.query(INSERT, [labels, aggregate, key]);
}

/** All rows in one transaction, in their order. */
async function insert(client: Client, table: string, rows: readonly Row[]): Promise<void> {
  await client.query('BEGIN');
  for (const row of rows) {
    const parameters = Object.keys(row).map((_, at) => `$${at + 1}`);
    const text = `INSERT INTO chassis.${table} (${Object.keys(row).join(', ')}) VALUES (${parameters.join(', ')})`;
    await client.query(text, Object.values(row));
  }
  await client.query('COMMIT');
}

const ROWS_PER_KEY = 250;
const ROWS_PER_TRANSACTION = 5;

/** A writer for each key, side by side. */
async function writeLoad(outbox: RealOutbox, keys: readonly string[]): Promise<void> {
  const writers = keys.map(async (key) => {
    const writer = await outbox.connect();
    for (let at = 0; at < ROWS_PER_KEY; at += ROWS_PER_TRANSACTION) {
      const labels = Array.from({ length: ROWS_PER_TRANSACTION }, (_, row) => `${at + row}`);
      await emitWith(writer, labels, { aggregate: 'load', key });
      await sleep(20);
    }
  });
  await Promise.all(writers);
}

type OnTopic = KafkaMessage & { readonly partition: number };

/** Records in the form of the expectation, partition by partition. */
function shownByPartition(records: readonly OnTopic[]) {
  return records
    .toSorted((one, other) => one.partition - other.partition || Number(BigInt(one.offset) - BigInt(other.offset)))
    .map(({ partition, key, value, headers = {} }) => ({
      partition,
      key: String(key),
      value: value?.toString('base64') ?? null,
      headers: Object.entries(headers).map(([header, bytes]) => [header, textOf(bytes)]),
    }));
}

/** A header without a value, or one that is there twice, is no text. */
const textOf = (bytes: unknown): unknown => (Buffer.isBuffer(bytes) ? bytes.toString('utf8') : bytes);

const labelsOf = (records: readonly KafkaMessage[], key: string): string[] =>
  values(records.filter((record) => String(record.key) === key));

const firstOccurrences = (labels: readonly string[]): string[] => [...new Set(labels)];
