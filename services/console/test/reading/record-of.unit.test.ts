import { describe, expect, it } from '@jest/globals';
import { Terminal } from '@troupe/chassis';
import type { KafkaRecord } from '@troupe/chassis/internal';
import { type Read, recordOf, reducedRecord } from '../../src/reading/record-of.ts';

const ORDER = '01890000-0000-7000-8000-000000000001';
const EVENT = '01890000-0000-7000-8000-0000000000aa';
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

const record = (over: Partial<KafkaRecord> = {}): KafkaRecord => ({
  topic: 'payment.events',
  partition: 2,
  offset: '9007199254740993',
  timestampMs: Date.parse('2026-12-01T02:13:00.123Z'),
  key: Buffer.from(ORDER),
  value: Buffer.from([0, 0, 0, 0, 7, 1]),
  headers: {
    ce_id: EVENT,
    ce_type: 'troupe.payment.PaymentCompleted',
    ce_time: '2026-12-01T02:13:00.100Z',
    ce_causationid: ORDER,
    traceparent: `00-${TRACE}-00f067aa0ba902b7-01`,
  },
  ...over,
});

const event = (over: Partial<KafkaRecord> = {}, data: unknown = { orderId: ORDER }): Read =>
  ({ kind: 'event', id: EVENT, type: 'PaymentCompleted', key: ORDER, data, depth: 3, record: record(over) }) as Read;
const poison = (over: Partial<KafkaRecord> = {}): Read => ({
  kind: 'poison',
  code: 'NOT_CONFLUENT_AVRO',
  reason: 'It does not begin with a zero.',
  record: record(over),
});

describe('the row of a record', () => {
  it('has the place, the times and the ids of its event', () => {
    expect(recordOf(event())).toMatchObject({
      topic: 'payment.events',
      offset: '9007199254740993',
      saidAt: Date.parse('2026-12-01T02:13:00.100Z'),
      owner: 'payment',
      sagaId: ORDER,
      causationId: ORDER,
      traceId: TRACE,
      schemaId: 7,
      isEvent: true,
      broken: null,
    });
  });

  it('is no event in a dead-letter topic, and keeps its saga', () => {
    expect(recordOf(event({ topic: 'inventory.dlq' }))).toMatchObject({ isEvent: false, sagaId: ORDER, broken: null });
  });

  it('keeps what cannot be decoded: why, its first bytes, and the saga that its key names', () => {
    const row = recordOf(poison({ value: Buffer.alloc(1_000, 255) }));
    expect(row).toMatchObject({
      isEvent: false,
      sagaId: ORDER,
      payload: null,
      type: 'PaymentCompleted',
      schemaId: null,
    });
    expect(row.broken).toEqual({
      code: 'NOT_CONFLUENT_AVRO',
      message: 'It does not begin with a zero.',
      hex: 'ff'.repeat(256),
    });
  });

  it('holds nothing that PostgreSQL refuses, whatever a stranger sent', () => {
    const hostile = { 'x-odd': 'a\u0000b\ud800', traceparent: `00-${'0'.repeat(32)}-0-01`, ce_time: 'yesterday' };
    const row = recordOf(poison({ key: Buffer.from([0, 255]), headers: hostile, timestampMs: 9e18, value: null }));
    expect(row).toMatchObject({ key: null, traceId: null, saidAt: null, eventId: null, sagaId: null });
    expect(row.headers).not.toMatch(/\\u0000|\\ud800/);
    expect(new Date(row.publishedAt).getUTCFullYear()).toBe(9999);
    expect(recordOf(event({}, { detail: 'a\u0000b' })).payload).not.toContain('\\u0000');
  });

  it('has a form that every record has', () => {
    const failure = new Terminal('SQLSTATE_22P05', 'a value without a form');
    expect(reducedRecord(record(), failure)).toMatchObject({
      offset: '9007199254740993',
      headers: '{}',
      key: null,
      payload: null,
      broken: { code: 'SQLSTATE_22P05', message: 'a value without a form' },
    });
  });
});
