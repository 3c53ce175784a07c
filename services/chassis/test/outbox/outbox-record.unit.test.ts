import { describe, expect, it } from '@jest/globals';
import { type OutboxRow, outboxRecord } from '../../src/outbox/outbox-record.ts';

const row: OutboxRow = {
  position: '7',
  id: '0190f3c8-0000-7000-8000-000000000001',
  aggregatetype: 'order',
  aggregateid: '0190f3c8-0000-7000-8000-0000000000aa',
  type: 'troupe.order.OrderCreated',
  payload: Buffer.from([0, 0, 0, 0, 7, 1, 2, 3]),
  ce_specversion: '1.0',
  ce_source: '/troupe/order',
  ce_time: '2026-11-21T07:00:00.000Z',
  ce_correlationid: '0190f3c8-0000-7000-8000-0000000000aa',
  ce_causationid: '0190f3c8-0000-7000-8000-0000000000bb',
  ce_depth: '7',
  content_type: 'application/avro',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  tracestate: 'vendor=1',
};

describe('the record of an outbox row', () => {
  it('has the topic, key, value and headers of the wire conventions, in their order', () => {
    const { topic, key, value, headers } = outboxRecord(row, 'test-7.');
    expect({ topic, key, value }).toEqual({
      topic: 'test-7.order.events',
      key: row.aggregateid,
      value: Buffer.from([0, 0, 0, 0, 7, 1, 2, 3]),
    });
    expect(Object.entries(headers)).toEqual([
      ['ce_specversion', '1.0'],
      ['ce_id', row.id],
      ['ce_type', 'troupe.order.OrderCreated'],
      ['ce_source', '/troupe/order'],
      ['ce_subject', row.aggregateid],
      ['ce_time', '2026-11-21T07:00:00.000Z'],
      ['content-type', 'application/avro'],
      ['ce_correlationid', row.ce_correlationid],
      ['ce_causationid', row.ce_causationid],
      ['ce_depth', '7'],
      ['traceparent', row.traceparent],
      ['tracestate', 'vendor=1'],
    ]);
  });

  it('has empty trace headers when the row has none: the same headers, in the same order, for each record', () => {
    const { headers } = outboxRecord({ ...row, traceparent: '', tracestate: '' }, '');
    expect(headers).toMatchObject({ traceparent: '', tracestate: '' });
  });

  it('has no header for the depth when the row was written before there was such a column, and all others', () => {
    const { ce_depth: _, ...before } = row;
    const { headers } = outboxRecord(before, '');
    const names = Object.keys(outboxRecord(row, '').headers);
    expect(Object.keys(headers)).toEqual(names.filter((name) => name !== 'ce_depth'));
  });

  it('is reckoned with its bytes, and with the one text that has no bound', () => {
    const bytesOf = (more: Partial<OutboxRow>) => outboxRecord({ ...row, ...more }, '').bytes;
    const none = bytesOf({ payload: Buffer.alloc(0), tracestate: '' });
    expect(none).toBeGreaterThanOrEqual(500);
    expect(bytesOf({ payload: Buffer.alloc(100), tracestate: '' })).toBe(none + 100);
    expect(bytesOf({ payload: Buffer.alloc(0), tracestate: 'x'.repeat(70) })).toBe(none + 70);
  });
});
