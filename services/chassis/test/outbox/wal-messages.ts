/** Messages of pgoutput, protocol version 1, as PostgreSQL writes them, for tests of those who read them. */

const COLUMNS = [
  ['id', 2950],
  ['aggregatetype', 25],
  ['aggregateid', 25],
  ['type', 25],
  ['payload', 17],
  ['ce_specversion', 25],
  ['ce_source', 25],
  ['ce_time', 25],
  ['ce_correlationid', 25],
  ['ce_causationid', 25],
  ['content_type', 25],
  ['traceparent', 25],
  ['tracestate', 25],
] as const;
const OUTBOX_OID = 16_385;

export type RowTexts = Partial<Record<(typeof COLUMNS)[number][0], string | null>>;

const int16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
};
const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const int64 = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
};
const text = (value: string): Buffer => Buffer.from(`${value}\0`);

export const begin = (commitLsn: bigint): Buffer =>
  Buffer.concat([Buffer.from('B'), int64(commitLsn), int64(0n), int32(7)]);

export const commit = (commitLsn: bigint, end: bigint): Buffer =>
  Buffer.concat([Buffer.from('C'), Buffer.of(0), int64(commitLsn), int64(end), int64(0n)]);

export function relation(name = 'outbox', oid = OUTBOX_OID): Buffer {
  const columns = COLUMNS.map(([column, type]) => Buffer.concat([Buffer.of(0), text(column), int32(type), int32(-1)]));
  const head = [Buffer.from('R'), int32(oid), text('chassis'), text(name), Buffer.from('d'), int16(COLUMNS.length)];
  return Buffer.concat([...head, ...columns]);
}

export function insert(row: RowTexts, oid = OUTBOX_OID): Buffer {
  const values = COLUMNS.map(([column]) => {
    const value = row[column];
    if (value === null || value === undefined) return Buffer.from('n');
    return Buffer.concat([Buffer.from('t'), int32(Buffer.byteLength(value)), Buffer.from(value)]);
  });
  return Buffer.concat([Buffer.from('I'), int32(oid), Buffer.from('N'), int16(COLUMNS.length), ...values]);
}

/** An outbox row; `id` also names its aggregate, unless it is given. */
export function row(id: string, more: RowTexts = {}): RowTexts {
  return {
    id,
    aggregatetype: 'order',
    aggregateid: id,
    type: 'troupe.order.OrderCreated',
    payload: `\\x${Buffer.from(id).toString('hex')}`,
    ce_specversion: '1.0',
    ce_source: '/troupe/order',
    ce_time: '2026-11-21T07:00:00.000Z',
    ce_correlationid: id,
    ce_causationid: 'cause',
    content_type: 'application/avro',
    traceparent: '',
    tracestate: '',
    ...more,
  };
}
