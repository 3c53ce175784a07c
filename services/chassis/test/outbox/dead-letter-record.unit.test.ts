import { expect, it } from '@jest/globals';
import { type DeadLetterRow, deadLetterRecord } from '../../src/outbox/dead-letter-record.ts';

const row: DeadLetterRow = {
  position: '7',
  id: 'row-1',
  aggregatetype: 'payment',
  aggregateid: 'order-1',
  payload: Buffer.from([0, 1, 2]),
  ce_specversion: '1.0',
  ce_id: 'event-1',
  ce_type: 'troupe.order.OrderCreated',
  ce_source: '/troupe/order',
  ce_subject: 'order-1',
  ce_time: '2026-11-21T07:00:00.000Z',
  content_type: 'application/avro',
  ce_correlationid: 'order-1',
  ce_causationid: 'cause-1',
  ce_depth: '65',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  tracestate: '',
  x_original_topic: 'order.events',
  x_original_partition: '3',
  x_original_offset: '42',
  x_original_headers: '{"own":"x"}',
  x_original_key: '',
  x_error_class: 'RULE_THREW',
  x_error_message: 'It cannot be.',
  x_attempts: '1',
  x_replays: '0',
  x_truncated: '',
};

it('a dead letter keeps its key, value and headers, and tells of its failure, every header in its place', () => {
  const { topic, key, value, headers } = deadLetterRecord(row, 'test-7.');
  expect({ topic, key, value }).toEqual({ topic: 'test-7.payment.dlq', key: 'order-1', value: row.payload });
  expect(Object.entries(headers)).toEqual([
    ['ce_specversion', '1.0'],
    ['ce_id', 'event-1'],
    ['ce_type', 'troupe.order.OrderCreated'],
    ['ce_source', '/troupe/order'],
    ['ce_subject', 'order-1'],
    ['ce_time', '2026-11-21T07:00:00.000Z'],
    ['content-type', 'application/avro'],
    ['ce_correlationid', 'order-1'],
    ['ce_causationid', 'cause-1'],
    ['ce_depth', '65'],
    ['traceparent', row.traceparent],
    ['tracestate', ''],
    ['x-original-topic', 'order.events'],
    ['x-original-partition', '3'],
    ['x-original-offset', '42'],
    ['x-original-headers', '{"own":"x"}'],
    ['x-original-key', ''],
    ['x-error-class', 'RULE_THREW'],
    ['x-error-message', 'It cannot be.'],
    ['x-attempts', '1'],
    ['x-replays', '0'],
    ['x-truncated', ''],
  ]);
});

it('a dead letter without key and value has none; an empty key stays empty', () => {
  expect(deadLetterRecord({ ...row, aggregateid: null, payload: null }, '')).toMatchObject({ key: null, value: null });
  expect(deadLetterRecord({ ...row, aggregateid: '' }, '')).toMatchObject({ key: '' });
});

it('a dead letter that was written before there was a column for the depth has all other headers', () => {
  const { ce_depth: _, ...before } = row;
  const names = Object.keys(deadLetterRecord(row, '').headers);
  expect(Object.keys(deadLetterRecord(before, '').headers)).toEqual(names.filter((name) => name !== 'ce_depth'));
});

it('a dead letter is reckoned with all of its bytes and texts, since somebody else has written them', () => {
  const bytesOf = (more: Partial<DeadLetterRow>) => deadLetterRecord({ ...row, ...more }, '').bytes;
  const none = bytesOf({ payload: null, x_error_message: '' });
  expect(none).toBeGreaterThanOrEqual(500);
  expect(bytesOf({ payload: Buffer.alloc(100), x_error_message: '' })).toBe(none + 100);
  expect(bytesOf({ payload: null, x_error_message: 'x'.repeat(70) })).toBe(none + 70);
});
