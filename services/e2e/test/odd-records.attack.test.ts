import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidv7 } from '@troupe/chassis';
import { deadLetters, type Incoming, type IncomingEvent, type KafkaRecord, sqlStore } from '@troupe/chassis/internal';
import { connections, query, type WorkConnection, workConnection } from '@troupe/chassis/testing';
import { paymentService } from '@troupe/payment';
import { OrderCreated } from '@troupe/schemas';
import fc from 'fast-check';
import { incoming, many, type Rig, rigOf } from './rig.ts';

const item = { sku: 'SKU-001', quantity: 1, unitPrice: 1_000 };
const order = { customerId: 'demo', items: [item], amount: 1_000, currency: 'USD', paymentToken: 'tok_ok' };
const created = (orderId = uuidv7()) => incoming(OrderCreated({ orderId, ...order }));

type RawHeader = NonNullable<ReturnType<NonNullable<KafkaRecord['original']>>>['headers'][number];

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));
const long = fc.integer({ min: 2_600, max: 12_000 }).map((size) =>
  Buffer.from(
    fc.sample(fc.uint8Array({ minLength: size, maxLength: size, size: 'max' }), {
      numRuns: 1,
      seed: size,
    })[0] as Uint8Array,
  ),
);
const texts = fc
  .constantFrom('', 'a', 'NUL \u0000', 'é☃𝄞', '\u0001\u0002', '__proto__', 'x'.repeat(300))
  .map((text) => Buffer.from(text));
const odd = fc.oneof(
  { weight: 4, arbitrary: bytes(64) },
  { weight: 4, arbitrary: texts },
  { weight: 1, arbitrary: long },
);
const headerName = fc.oneof(
  odd,
  fc.constantFrom('ce_id', 'ce_type', 'ce_subject', 'traceparent', 'content-type').map((text) => Buffer.from(text)),
);
const timestamp = fc.oneof(
  fc.constantFrom(
    '-1',
    '0',
    '-9223372036854775808',
    '9223372036854775807',
    '253402300800000',
    '-62135596800001',
    '9007199254740993',
  ),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  fc.integer({ min: 0, max: 2_000_000_000_000 }).map(String),
);

/** Whatever a broker takes. */
const oddRecord: fc.Arbitrary<KafkaRecord> = fc
  .record({
    topic: fc.constantFrom('order.events', 'inventory.events', 't'.repeat(249)),
    partition: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    offset: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String),
    key: fc.option(odd),
    value: fc.option(odd),
    headers: fc.array(fc.record({ name: headerName, value: fc.option(odd) }), { maxLength: 5 }),
    timestamp,
  })
  .map(({ headers, timestamp: time, ...record }) => ({
    ...record,
    timestampMs: Number(time),
    headers: Object.fromEntries(
      headers.flatMap(({ name, value }) => (value === null ? [] : [[String(name), String(value)]])),
    ),
    original: () => ({ timestamp: time, headers }),
  }));

const KINDS = ['bytes that are no Avro', 'a rule that throws'] as const;
const RECORDS = 2_400;

let rig: Rig;
let database: WorkConnection;
let records: readonly KafkaRecord[];
beforeAll(async () => {
  rig = await rigOf(paymentService, 'payment');
  database = workConnection(connections(rig.url));
  records = fc.sample(oddRecord, { numRuns: RECORDS, seed: 17 });
}, 60_000);
afterAll(async () => {
  await database.close();
  await rig.close();
});

function messageOf(record: KafkaRecord, at: number): Incoming {
  if (KINDS[at % 2] === 'a rule that throws') return { ...created(), data: null, record };
  return { kind: 'poison', record, code: 'AVRO_BROKEN', reason: 'the value ends \u0000 early' };
}

const deadLetterIds = async () => {
  const rows = await query<{ id: string }>(rig.url, 'SELECT id::text FROM chassis.dead_letter ORDER BY position');
  return rows.map(({ id }) => id);
};
const placeOf = ({ topic, partition, offset }: KafkaRecord): string => `${topic}/${partition}/${offset}`;
const rawOf = ({ original, headers }: KafkaRecord): readonly RawHeader[] =>
  original?.().headers ??
  Object.entries(headers).map(([name, value]) => ({ name: Buffer.from(name), value: Buffer.from(value) }));

describe(`${RECORDS} records of every kind that a broker takes, beside ordinary orders`, () => {
  it('are set aside, each whole, and every order takes effect', async () => {
    const orders: IncomingEvent[] = [];
    for (let at = 0; at < records.length; at += 200) {
      const some = many(5, () => created());
      orders.push(...some);
      const batch = records.slice(at, at + 200).map((record, n) => messageOf(record, n));
      const outcomes = await rig.loop.handleAgain([...some.slice(0, 2), ...batch, ...some.slice(2)]);
      expect(outcomes.filter(({ kind }) => kind === 'applied')).toHaveLength(some.length);
      expect(outcomes.filter(({ kind }) => kind === 'dead' || kind === 'parked')).toHaveLength(batch.length);
    }
    expect(await query(rig.url, 'SELECT FROM payment')).toHaveLength(orders.length);
    const kept = await query<{ reduced: number; n: number }>(
      rig.url,
      'SELECT count(*)::int AS n, count(reduced_because)::int AS reduced FROM chassis.dead_letter',
    );
    expect(kept).toEqual([{ n: new Set(records.map(placeOf)).size, reduced: 0 }]);
  }, 120_000);

  it('come back from there byte for byte: key, value, headers, time', async () => {
    const found = await sqlStore.findOpen(database.single, await deadLetterIds());
    const byPlace = new Map(found.map(({ record }) => [placeOf(record), record]));
    for (const record of records) {
      const stored = byPlace.get(placeOf(record)) as KafkaRecord;
      expect([stored.key, stored.value, rawOf(stored)]).toEqual([record.key, record.value, rawOf(record)]);
      const time = stored.original?.().timestamp ?? String(stored.timestampMs);
      expect(BigInt(time)).toBe(BigInt(record.original?.().timestamp ?? 0));
    }
  }, 60_000);

  it('go to a dead-letter topic that takes them: none is too large, and one without a key has none', async () => {
    const rows = await query<{ bytes: number; place: string; key: string | null }>(
      rig.url,
      `SELECT octet_length(d::text)::int AS bytes, aggregateid AS key,
              x_original_topic || '/' || x_original_partition || '/' || x_original_offset AS place FROM chassis.dead_letter_outbox d`,
    );
    const keyless = new Set(records.filter(({ key }) => key === null).map(placeOf));
    expect(rows.length).toBeGreaterThan(RECORDS / 2);
    expect(rows.filter(({ bytes: size }) => size > 1_000_000)).toEqual([]);
    expect(rows.filter(({ key, place }) => (key === null) !== keyless.has(place))).toEqual([]);
  });

  it('hold back what comes with the same topic and key, of whatever bytes and length, and nothing else', async () => {
    const withKeys = records.filter(({ topic }) => topic === 'order.events').slice(0, 300);
    const behind = withKeys.map(({ key }) => {
      const later = created();
      return { ...later, record: { ...later.record, topic: 'order.events', key } };
    });
    const others = withKeys.map(({ key }) => {
      const later = created();
      return {
        ...later,
        record: {
          ...later.record,
          topic: 'order.events',
          key: Buffer.concat([key ?? Buffer.of(), Buffer.from(later.key)]),
        },
      };
    });
    const elsewhere = withKeys.map(({ key }) => {
      const later = created();
      return { ...later, record: { ...later.record, topic: 'shipping.events', key } };
    });
    const kindsOf = async (messages: readonly Incoming[]) =>
      (await rig.loop.handleAgain(messages)).map(({ kind }) => kind);
    expect(await kindsOf(behind)).toEqual(withKeys.map(({ key }) => (key === null ? 'applied' : 'parked')));
    expect(new Set(await kindsOf([...others, ...elsewhere]))).toEqual(new Set(['applied']));
  }, 60_000);

  it('can be replayed, and stay where they are while nobody has mended anything', async () => {
    const again = deadLetters({
      database: database.single,
      decode: async (some) => some.map((record) => ({ kind: 'poison', record, code: 'AVRO_BROKEN', reason: 'again' })),
      handleAgain: (messages) => rig.loop.handleAgain(messages),
      rehearse: async () => [],
    });
    const failed = await query<{ id: string }>(
      rig.url,
      `SELECT id::text FROM chassis.dead_letter WHERE status = 'DEAD' ORDER BY position`,
    );
    await again.replay(failed.map(({ id }) => id));
    const [came] = await query<{ dead: number; again: number }>(
      rig.url,
      `SELECT count(*)::int AS dead, (count(*) FILTER (WHERE replays = 1))::int AS again FROM chassis.dead_letter WHERE status = 'DEAD'`,
    );
    expect(came?.dead).toBe(failed.length);
    // Behind an earlier one of the same key a later one is not even tried.
    expect(came?.again).toBeGreaterThan(0);
    expect(await again.release()).toBe(0);
  }, 120_000);
});

describe('a record that cannot be kept whole', () => {
  it('is kept with its place, its hashes and its error, holds back its key, and can be replayed without end of the service', async () => {
    await query(
      rig.url,
      `ALTER TABLE chassis.dead_letter ADD CONSTRAINT no_whole CHECK (topic <> 'poor' OR reduced_because IS NOT NULL)`,
    );
    const { record } = created();
    const poor: KafkaRecord = { ...record, topic: 'poor', headers: { large: 'x' } };
    const good = created();
    const outcomes = await rig.loop.handleAgain([
      good,
      { kind: 'poison', record: poor, code: 'AVRO_BROKEN', reason: 'the value ends early' },
    ]);
    expect(outcomes).toMatchObject([{ kind: 'applied' }, { kind: 'dead', code: 'AVRO_BROKEN' }]);
    const [row] = await query<Record<string, unknown>>(
      rig.url,
      `SELECT id::text, key, value, headers, error_code, reduced_because, encode(key_hash, 'hex') AS key_hash,
              key_hash = sha256($$${poor.key}$$::bytea) AS same_key, value_hash IS NOT NULL AS has_hash
       FROM chassis.dead_letter WHERE topic = 'poor'`,
    );
    expect(row).toMatchObject({
      key: null,
      value: null,
      headers: {},
      error_code: 'AVRO_BROKEN',
      same_key: true,
      has_hash: true,
      reduced_because: expect.stringContaining('SQLSTATE_23514'),
    });
    const [published] = await query<Record<string, unknown>>(
      rig.url,
      `SELECT aggregateid, payload, x_truncated FROM chassis.dead_letter_outbox WHERE x_original_topic = 'poor'`,
    );
    expect(published).toEqual({ aggregateid: null, payload: null, x_truncated: '{"reduced":true}' });
    const later = created();
    const behind = { ...later, record: { ...later.record, topic: 'poor', key: poor.key } };
    await query(rig.url, 'ALTER TABLE chassis.dead_letter DROP CONSTRAINT no_whole');
    expect(await rig.loop.handleAgain([behind])).toEqual([{ kind: 'parked' }]);
    await rig.deadLetters.replay([row?.id as string]);
    expect(
      await query(
        rig.url,
        `SELECT status, replays, error_code FROM chassis.dead_letter WHERE topic = 'poor' ORDER BY position`,
      ),
    ).toEqual([
      { status: 'DEAD', replays: 1, error_code: 'KEPT_REDUCED' },
      { status: 'PARKED', replays: 0, error_code: null },
    ]);
    await query(
      rig.url,
      `UPDATE chassis.dead_letter SET status = 'DISCARDED', settled_at = now() WHERE id = '${row?.id}'`,
    );
    expect(await rig.deadLetters.release()).toBe(1);
  });
});
