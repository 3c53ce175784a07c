import type { RecordRow } from '../../src/store/record-row.ts';

const PARTITIONS = 6;
const AT = Date.parse('2026-12-01T02:13:00.000Z');

/** Decides by a seed: the same rows for the same seed, on every machine. */
export function drawn(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Shape {
  /** Percent of all. Default: 70 confirmed, the others as they come. */
  readonly confirmed?: number;
  /** How far apart sagas are placed, in milliseconds. Default 50. */
  readonly everyMs?: number;
  /** When the first is placed, in milliseconds since 1970. */
  readonly from?: number;
}

/** The records of so many sagas, by topic in the order of their offsets: dead letters, repeated and broken records among them. */
export function sagasInRows(count: number, seed: number, shape: Shape = {}): RecordRow[] {
  const { confirmed = 70, everyMs = 50, from = AT } = shape;
  const random = drawn(seed);
  const rows: RecordRow[] = [];
  const next = new Map<string, number>();
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');
  const uuid = (at: number): string => {
    const time = at.toString(16).padStart(12, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(3)}-8${hex(3)}-${hex(12)}`;
  };

  function put(row: Partial<RecordRow> & Pick<RecordRow, 'topic' | 'partition' | 'publishedAt'>): RecordRow {
    const place = `${row.topic}/${row.partition}`;
    const offset = next.get(place) ?? 0;
    next.set(place, offset + 1);
    const whole: RecordRow = { ...EMPTY, ...row, offset: String(offset) };
    rows.push(whole);
    return whole;
  }

  for (let at = 0; at < count; at += 1) {
    const placedAt = from + at * everyMs;
    const orderId = uuid(placedAt);
    const partition = Math.floor(random() * PARTITIONS);
    const trace = hex(32);
    const customerId = `c-${Math.floor(random() * 5_000)}`;
    const items = [
      { sku: `SKU-${String(Math.floor(random() * 500)).padStart(3, '0')}`, quantity: 1 + Math.floor(random() * 3) },
    ];
    const amount = 1_000 + Math.floor(random() * 200_000);
    const payment = uuid(placedAt);
    const orchestrated = random() < 0.1;
    let now = placedAt;
    let cause = orderId;
    let depth = 0;

    const say = (owner: string, type: string, data: Readonly<Record<string, unknown>>): RecordRow => {
      now += 1 + Math.floor(random() * 40);
      depth += 1;
      const eventId = type === 'OrderCreated' ? orderId : uuid(now);
      const payload = { orderId, ...data };
      const row = put({
        topic: `${owner}.events`,
        partition,
        publishedAt: now + 3,
        saidAt: now,
        key: orderId,
        type,
        owner,
        eventId,
        sagaId: orderId,
        causationId: cause,
        traceId: trace,
        depth,
        schemaId: 1,
        isEvent: true,
        payload: JSON.stringify(payload),
        headers: JSON.stringify({ ce_id: eventId, ce_type: `troupe.${owner}.${type}`, ce_correlationid: orderId }),
        bytes: 400,
      });
      cause = eventId;
      return row;
    };

    const priced = items.map((item) => ({ ...item, unitPrice: 100 }));
    say('order', 'OrderCreated', {
      customerId,
      items: priced,
      amount,
      currency: 'EUR',
      paymentToken: 'tok',
      orchestrated,
    });
    const fate = random() * 100;
    if (fate >= 98) continue;
    const paid = say('payment', 'PaymentCompleted', {
      paymentId: payment,
      customerId,
      items,
      amount,
      currency: 'EUR',
      orchestrated,
    });
    if (random() < 0.02) put({ ...paid, publishedAt: paid.publishedAt + 500 });
    if (fate >= 96) {
      put({ ...paid, topic: 'inventory.dlq', isEvent: false, publishedAt: now + 20, bytes: 900 });
      continue;
    }
    say('inventory', 'InventoryReserved', { items, orchestrated });
    if (random() < 0.03)
      put({ ...BROKEN, topic: 'inventory.events', partition, publishedAt: now, key: orderId, sagaId: orderId });
    if (fate < confirmed) {
      say('shipping', 'ShipmentScheduled', {
        shipmentId: payment,
        carrier: 'Sandbox Parcel',
        trackingNumber: `TRK-${hex(12)}`,
      });
      say('order', 'OrderConfirmed', { customerId, items, amount, currency: 'EUR' });
    } else {
      say('shipping', 'ShipmentFailed', { items, reason: 'CARRIER_REFUSED', detail: 'The carrier does not carry it.' });
      say('inventory', 'InventoryReleased', { items, reason: 'SHIPMENT_REFUSED' });
      say('payment', 'PaymentRefunded', {
        paymentId: payment,
        amount,
        currency: 'EUR',
        reason: 'SHIPMENT_REFUSED',
        byHand: false,
      });
      say('order', 'OrderCancelled', { customerId, items, reason: 'SHIPMENT_REFUSED', detail: '' });
    }
  }
  return rows;
}

const EMPTY: RecordRow = {
  topic: '',
  partition: 0,
  offset: '0',
  publishedAt: AT,
  saidAt: null,
  key: null,
  type: null,
  owner: null,
  eventId: null,
  sagaId: null,
  causationId: null,
  traceId: null,
  depth: 1,
  schemaId: null,
  isEvent: false,
  payload: null,
  headers: '{}',
  broken: null,
  bytes: 10,
};

const BROKEN: Partial<RecordRow> = {
  headers: JSON.stringify({
    ce_id: '01890000-0000-7000-8000-0000000000bb',
    ce_type: 'troupe.inventory.InventoryReserved',
  }),
  broken: { code: 'NOT_CONFLUENT_AVRO', message: 'The value does not begin with a zero.', hex: 'ff00' },
};
