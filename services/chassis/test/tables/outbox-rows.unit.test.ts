import { describe, expect, it } from '@jest/globals';
import type { Sql } from '../../src/rules/database.ts';
import { type DeadRecord, publishDeadLetters } from '../../src/tables/dead-letters/outbox.ts';
import { append, type OutboxRow } from '../../src/tables/outbox.ts';

/** A transaction that keeps what it is told to write. */
function transaction() {
  const written: { sql: string; values: unknown[] }[] = [];
  const tx = {
    $executeRawUnsafe: async (sql: string, ...values: unknown[]) => {
      written.push({ sql, values });
      return 0;
    },
  } as unknown as Sql;
  return { tx, written };
}

const event = (id: string, trace: OutboxRow['trace'] = {}): OutboxRow => ({
  id,
  aggregatetype: 'order',
  aggregateid: `order-of-${id}`,
  type: 'troupe.order.OrderCreated',
  payload: Buffer.from(id),
  time: `time-of-${id}`,
  causationId: `cause-of-${id}`,
  depth: id.length + 1,
  trace,
});

describe('Events on their way out', () => {
  it('are appended by one statement, however many they are, each with all that it is', async () => {
    const { tx, written } = transaction();
    await append(tx, '/troupe/order', [event('a', { traceparent: 'parent', tracestate: 'state' }), event('b')]);
    expect(written.map(({ values }) => values)).toEqual([
      [
        '/troupe/order',
        ['a', 'b'],
        ['order', 'order'],
        ['order-of-a', 'order-of-b'],
        ['troupe.order.OrderCreated', 'troupe.order.OrderCreated'],
        [Buffer.from('a').toString('base64'), Buffer.from('b').toString('base64')],
        ['time-of-a', 'time-of-b'],
        ['cause-of-a', 'cause-of-b'],
        ['2', '2'],
        // No trace is an empty header, as in Debezium's records.
        ['parent', ''],
        ['state', ''],
      ],
    ]);
  });
});

const record: DeadRecord['record'] = {
  topic: 'order.events',
  partition: 3,
  offset: '42',
  timestampMs: 0,
  key: Buffer.from('order-1'),
  value: Buffer.from([0, 1, 255]),
  headers: { ce_id: 'event-1', ce_type: 'troupe.order.OrderCreated', 'content-type': 'application/avro', own: 'x' },
};
const dead: DeadRecord = { record, code: 'RULE_THREW', reason: 'It cannot be.', attempts: 2, replays: 1 };

async function rowsOf(...deadLetters: readonly DeadRecord[]) {
  const { tx, written } = transaction();
  await publishDeadLetters(tx, 'payment', deadLetters);
  expect(written).toHaveLength(1);
  const { sql, values } = written[0] as (typeof written)[number];
  expect(values[0]).toBe('payment');
  return { sql, rows: JSON.parse(values[1] as string) as Record<string, string>[] };
}

describe('Dead letters on their way out', () => {
  it('keep their key, their bytes and their headers, in columns that Debezium reads as well', async () => {
    const { rows } = await rowsOf(dead);
    expect(rows[0]).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      n: 0,
      key: 'order-1',
      value: 'AAH/',
      ce_specversion: '',
      ce_id: 'event-1',
      ce_type: 'troupe.order.OrderCreated',
      ce_source: '',
      ce_subject: '',
      ce_time: '',
      content_type: 'application/avro',
      ce_correlationid: '',
      ce_causationid: '',
      ce_depth: '',
      traceparent: '',
      tracestate: '',
      x_original_topic: 'order.events',
      x_original_partition: '3',
      x_original_offset: '42',
      x_original_headers: '{"own":"x"}',
      x_original_key: '',
      x_error_class: 'RULE_THREW',
      x_error_message: 'It cannot be.',
      x_attempts: '2',
      x_replays: '1',
      x_truncated: '',
    });
  });

  it('have every header that there is a column for, and each column is written', async () => {
    const columns = {
      ce_specversion: 'ce_specversion',
      ce_id: 'ce_id',
      ce_type: 'ce_type',
      ce_source: 'ce_source',
      ce_subject: 'ce_subject',
      ce_time: 'ce_time',
      'content-type': 'content_type',
      ce_correlationid: 'ce_correlationid',
      ce_causationid: 'ce_causationid',
      ce_depth: 'ce_depth',
      traceparent: 'traceparent',
      tracestate: 'tracestate',
    };
    const headers = Object.fromEntries(Object.keys(columns).map((header) => [header, `its ${header}`]));
    const { sql, rows } = await rowsOf({ ...dead, record: { ...record, headers } });
    for (const [header, column] of Object.entries(columns)) {
      expect([column, rows[0]?.[column]]).toEqual([column, `its ${header}`]);
      expect(sql).toMatch(new RegExp(`INSERT INTO chassis.dead_letter_outbox \\([^)]*\\b${column}\\b`));
      expect(sql).toMatch(new RegExp(`\\b${column} text\\b`));
    }
    expect(rows[0]?.x_original_headers).toBe('');
  });

  it('are kept in the order in which they came, each its own', async () => {
    const { rows } = await rowsOf(dead, { ...dead, code: 'SECOND' });
    expect(rows.map(({ n, x_error_class }) => [n, x_error_class])).toEqual([
      [0, 'RULE_THREW'],
      [1, 'SECOND'],
    ]);
    expect(rows[0]?.id).not.toBe(rows[1]?.id);
  });

  it('without a key or a value have none; a key that is no text is kept beside it, whole', async () => {
    const { rows } = await rowsOf(
      { ...dead, record: { ...record, key: null, value: null } },
      { ...dead, record: { ...record, key: Buffer.from([255, 0]) } },
    );
    expect(rows[0]).toMatchObject({ key: null, x_original_key: '' });
    expect(rows[0]).not.toHaveProperty('value');
    expect(rows[1]).toMatchObject({ key: '', x_original_key: '/wA=' });
  });

  it('say no more of their failure than a header has room for', async () => {
    const { rows } = await rowsOf({ ...dead, reason: 'x'.repeat(2_000) });
    expect(rows[0]?.x_error_message).toBe('x'.repeat(500));
  });
});
