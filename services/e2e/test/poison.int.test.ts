import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { uuidv7 } from '@troupe/chassis';
import type { Incoming, IncomingEvent } from '@troupe/chassis/internal';
import { query } from '@troupe/chassis/testing';
import { paymentService } from '@troupe/payment';
import { OrderCancelled, OrderCreated } from '@troupe/schemas';
import { incoming, many, type Rig, rigOf } from './rig.ts';

const item = { sku: 'SKU-001', quantity: 1, unitPrice: 1_000 };
const order = { customerId: 'demo', items: [item], amount: 1_000, currency: 'USD', paymentToken: 'tok_ok' };
const created = (orderId = uuidv7()) => incoming(OrderCreated({ orderId, ...order }));
const cancelled = (orderId: string) =>
  incoming(OrderCancelled({ orderId, customerId: 'demo', items: [], reason: 'CUSTOMER', detail: 'cancelled' }));

/** What PostgreSQL refuses to store (SQLSTATE 22021), and so fails the whole batch, whoever shares it. */
const refused = (orderId = uuidv7()) => incoming(OrderCreated({ orderId, ...order, customerId: 'NUL\u0000' }));
/** What the rules cannot handle: they throw. */
const broken = (orderId = uuidv7()): IncomingEvent => ({ ...created(orderId), data: null });
/** What cannot be decoded. */
function undecodable(): Incoming {
  const { record } = created();
  return { kind: 'poison', record, code: 'AVRO_BROKEN', reason: 'the value ends early' };
}

let rig: Rig;
beforeEach(async () => {
  rig = await rigOf(paymentService, 'payment');
});
afterEach(() => rig.close());

const payments = () => query<{ status: string }>(rig.url, 'SELECT status FROM payment');
const deadLettersOf = (status: string) =>
  query<{ id: string; key_text: string; outcome: string | null; replays: number; error_code: string | null }>(
    rig.url,
    `SELECT id::text, key_text, outcome, replays, error_code FROM chassis.dead_letter WHERE status = '${status}' ORDER BY position`,
  );
const deadLetterOutbox = () =>
  query<Record<string, string>>(rig.url, 'SELECT * FROM chassis.dead_letter_outbox ORDER BY position');
const inbox = async () => (await query(rig.url, 'SELECT FROM chassis.inbox')).length;

const SIZE = 500;
const at = (...places: number[]): number[] => places;
const ten = Array.from({ length: 10 }, (_, n) => 7 + n * 49);

describe.each([
  ['that cannot be decoded', undecodable, 0],
  ['whose rule throws', () => broken(), 0],
  // Each of them is found by halving: two transactions for each halving of 500, at most, and one that sets it aside.
  ['that the database refuses', () => refused(), 2 * Math.ceil(Math.log2(SIZE)) + 1],
] as const)('of a batch of 500, a poison message %s', (_, poison, transactionsEach) => {
  it.each([
    ['the first', at(0)],
    ['one in the middle', at(250)],
    ['the last', at(499)],
    ['ten at once', ten],
  ])('(%s) stands alone: the others take effect once', async (_place, places) => {
    const batch = many<Incoming>(SIZE, () => created()).map((message, n) => (places.includes(n) ? poison() : message));
    const outcomes = await rig.loop.handleAgain(batch);

    const dead = [...outcomes.entries()].flatMap(([n, { kind }]) => (kind === 'dead' ? [n] : []));
    const begun = rig.statements().filter((text) => text === 'BEGIN').length;
    expect(begun).toBeLessThanOrEqual(1 + places.length * transactionsEach);
    expect(outcomes.filter(({ kind }) => kind === 'applied')).toHaveLength(SIZE - places.length);
    expect(dead).toEqual(places);
    expect(await payments()).toHaveLength(SIZE - places.length);
    expect(await deadLettersOf('DEAD')).toHaveLength(places.length);
    expect(await deadLetterOutbox()).toHaveLength(places.length);
    expect(await inbox()).toBe(SIZE - places.length);
  });
});

describe('a message that was set aside', () => {
  it('goes to the dead-letter topic with its own key, value and headers and what is known of its failure', async () => {
    const bad = refused();
    const headers = { ...bad.record.headers, traceparent: '00-a-b-01', 'x-tenant': 'é' };
    const record = { ...bad.record, headers };
    await rig.loop.handleAgain([{ ...bad, record }]);
    expect(await deadLetterOutbox()).toMatchObject([
      {
        aggregatetype: 'payment',
        aggregateid: bad.key,
        payload: record.value,
        ce_id: bad.id,
        ce_type: 'OrderCreated',
        ce_source: '',
        traceparent: '00-a-b-01',
        x_original_topic: 'test.events',
        x_original_partition: '0',
        x_original_offset: record.offset,
        x_original_headers: '{"x-tenant":"é"}',
        x_original_key: '',
        x_error_class: 'SQLSTATE_22021',
        x_error_message: expect.stringContaining('0x00'),
        x_attempts: '1',
        x_replays: '0',
      },
    ]);
  });

  it('keeps a key that is no text, and a value that is none', async () => {
    const { record } = created();
    const bytes = Buffer.from([0xff, 0x00, 0xfe]);
    const poison = { kind: 'poison' as const, code: 'NO_VALUE', reason: 'no value' };
    await rig.work([
      { ...poison, record: { ...record, offset: '1000001', key: bytes, value: null } },
      { ...poison, record: { ...record, offset: '1000002', key: null } },
    ]);
    expect(await deadLetterOutbox()).toMatchObject([
      { aggregateid: '', x_original_key: bytes.toString('base64'), payload: null },
      { aggregateid: null, x_original_key: '', payload: record.value },
    ]);
    const stored = await query<{ key: Buffer | null }>(
      rig.url,
      'SELECT key, value FROM chassis.dead_letter ORDER BY position',
    );
    expect(stored).toEqual([
      { key: bytes, value: null },
      { key: null, value: record.value },
    ]);
  });

  it('is one dead letter and one record on the dead-letter topic, however often it is delivered', async () => {
    const bad = broken();
    await rig.work([bad]);
    await rig.work([bad]);
    await rig.work([{ kind: 'poison', record: bad.record, code: 'AVRO_BROKEN', reason: 'again' }]);
    expect(await deadLettersOf('DEAD')).toHaveLength(1);
    expect(await deadLettersOf('PARKED')).toHaveLength(0);
    expect(await deadLetterOutbox()).toHaveLength(1);
  });

  it('holds back later messages of its topic and key, in its batch and after, and no others', async () => {
    const bad = broken();
    const other = created();
    const [behind, later] = [cancelled(bad.key), cancelled(bad.key)];
    const elsewhere = cancelled(bad.key);
    const otherTopic = { ...elsewhere, record: { ...elsewhere.record, topic: 'other.events' } };
    const { outcomes } = await rig.work([bad, behind, other]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['dead', 'parked', 'applied']);
    const second = await rig.work([later, cancelled(other.key), otherTopic]);
    expect(second.outcomes.map(({ kind }) => kind)).toEqual(['parked', 'applied', 'applied']);
    expect(await deadLettersOf('PARKED')).toMatchObject([{ key_text: bad.key }, { key_text: bad.key }]);
    // What waits is not received yet, and is no news for the dead-letter topic.
    expect(await inbox()).toBe(3);
    expect(await deadLetterOutbox()).toHaveLength(1);
  });

  it('holds back what comes behind it when it was found by halving its batch', async () => {
    const bad = refused();
    const behind = cancelled(bad.key);
    const outcomes = await rig.loop.handleAgain([created(), bad, behind, created()]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['applied', 'dead', 'parked', 'applied']);
  });

  it('does not make a duplicate of something handled wait, nor forget that it was handled', async () => {
    const good = created();
    await rig.work([good]);
    const bad = { ...cancelled(good.key), data: null };
    const copy = { ...good, record: { ...good.record, offset: '2000001' } };
    const { outcomes } = await rig.work([bad, copy]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['dead', 'duplicate']);
    expect((await rig.work([copy])).outcomes).toMatchObject([{ kind: 'duplicate' }]);
    expect(await payments()).toHaveLength(1);
  });

  it('costs one statement for each batch while it is open, and none before', async () => {
    await rig.work(many(5, () => created()));
    const without = rig.statements().length;
    await rig.work([broken(), ...many(4, () => created())]);
    rig.statements();
    await rig.work(many(5, () => created()));
    expect(rig.statements()).toHaveLength(without + 1);
  });
});

describe('a dead letter that is handled again', () => {
  const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);
  /** The cause is mended: the record decodes to what it should have been. */
  const brokenOnce = async (behind: readonly ((key: string) => IncomingEvent)[] = []): Promise<IncomingEvent> => {
    const bad = broken();
    await rig.work([bad, ...behind.map((make) => make(bad.key))]);
    return bad;
  };

  it('goes through the inbox: it takes effect once, however often it is asked for', async () => {
    const bad = await brokenOnce();
    const ids = idsOf(await deadLettersOf('DEAD'));
    await Promise.all([rig.deadLetters.replay(ids), rig.deadLetters.replay(ids)]);
    await rig.deadLetters.replay(ids);
    const [copy] = [{ ...created(bad.key), id: bad.id, payloadHash: bad.payloadHash }];
    expect((await rig.work([copy])).outcomes).toMatchObject([{ kind: 'duplicate' }]);
    expect(await payments()).toHaveLength(1);
    expect(await deadLettersOf('HANDLED')).toMatchObject([{ outcome: 'applied', replays: 1 }]);
  });

  it('lets go what was parked behind it, in order, and nothing before', async () => {
    await brokenOnce([cancelled, cancelled]);
    expect(await rig.deadLetters.release()).toBe(0);
    await rig.deadLetters.replay(idsOf(await deadLettersOf('DEAD')));
    expect(await deadLettersOf('PARKED')).toHaveLength(2);
    expect(await rig.deadLetters.release()).toBe(2);
    const handled = await deadLettersOf('HANDLED');
    expect(handled.map(({ outcome }) => outcome)).toEqual(['applied', 'applied', 'ignored']);
    expect(await payments()).toMatchObject([{ status: 'CHARGING' }]);
  });

  it('makes messages that arrive meanwhile wait until all before them are handled', async () => {
    const bad = await brokenOnce([cancelled]);
    await rig.deadLetters.replay(idsOf(await deadLettersOf('DEAD')));
    expect((await rig.work([cancelled(bad.key)])).outcomes).toMatchObject([{ kind: 'parked' }]);
    await rig.deadLetters.release();
    expect(await deadLettersOf('PARKED')).toHaveLength(0);
    expect((await rig.work([cancelled(bad.key)])).outcomes).toMatchObject([{ kind: 'ignored' }]);
  });

  it('returns while its cause lasts, is counted and published again, and is quarantined in the end', async () => {
    const bad = refused();
    await rig.loop.handleAgain([bad, cancelled(bad.key)]);
    const ids = idsOf(await deadLettersOf('DEAD'));
    await rig.deadLetters.replay(ids);
    expect(await deadLettersOf('DEAD')).toMatchObject([{ replays: 1, error_code: 'SQLSTATE_22021' }]);
    await rig.deadLetters.replay(ids);
    await rig.deadLetters.replay(ids);
    expect(await deadLettersOf('QUARANTINED')).toMatchObject([{ replays: 3 }]);
    expect((await deadLetterOutbox()).map(({ x_attempts, x_replays }) => [x_attempts, x_replays])).toEqual([
      ['1', '0'],
      ['2', '1'],
      ['3', '2'],
      ['4', '3'],
    ]);
    await rig.deadLetters.release();
    expect(await deadLettersOf('PARKED')).toHaveLength(1);
  });

  it('takes effect once beside a copy of it that arrives in the same batch and waits behind it', async () => {
    const good = created();
    await rig.work([{ ...good, data: null }]);
    const [row] = await query<{ id: string; position: number }>(
      rig.url,
      'SELECT id::text, position::float8 AS position FROM chassis.dead_letter',
    );
    const deadLetter = { ...(row as { id: string; position: number }), status: 'DEAD' as const, replays: 0 };
    const copy = { ...good, record: { ...good.record, offset: '2000002' } };
    const { outcomes } = await rig.work([copy, { ...good, deadLetter }]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['parked', 'applied']);
    await rig.deadLetters.release();
    expect((await deadLettersOf('HANDLED')).map(({ outcome }) => outcome)).toEqual(['applied', 'duplicate']);
  });

  it('stays where it is while an earlier one of its topic and key is not settled', async () => {
    const bad = broken();
    await rig.work([bad, undecodableOf(bad.key), cancelled(bad.key)]);
    const [first = '', second = ''] = idsOf(await deadLettersOf('DEAD'));
    await rig.deadLetters.replay([second]);
    expect(await deadLettersOf('DEAD')).toMatchObject([{ id: first }, { id: second, replays: 0 }]);
    await rig.deadLetters.replay([first]);
    expect(await rig.deadLetters.release()).toBe(0);
    expect(await deadLettersOf('PARKED')).toHaveLength(1);
  });

  it('can be rehearsed: what each would come to is told, and nothing is written', async () => {
    const bad = refused();
    await rig.loop.handleAgain([bad]);
    const good = await brokenOnce();
    const late = await brokenOnce();
    await rig.work([{ ...cancelled(late.key), record: { ...cancelled(late.key).record, topic: 'other.events' } }]);
    const before = await query(rig.url, 'SELECT * FROM chassis.dead_letter ORDER BY position');
    const told = await rig.deadLetters.rehearse(idsOf(await deadLettersOf('DEAD')));
    expect(told).toMatchObject([
      { outcome: 'dead', code: 'SQLSTATE_22021' },
      { outcome: 'applied' },
      { outcome: 'ignored', reason: expect.stringContaining('cancelled before it arrived') },
    ]);
    expect(await query(rig.url, 'SELECT * FROM chassis.dead_letter ORDER BY position')).toEqual(before);
    expect((await payments()).map(({ status }) => status)).toEqual(['VOID']);
    expect(await query(rig.url, `SELECT FROM chassis.inbox WHERE event_id = '${good.id}'`)).toHaveLength(0);
  });

  function undecodableOf(key: string): Incoming {
    return { kind: 'poison', record: created(key).record, code: 'AVRO_BROKEN', reason: 'the value ends early' };
  }
});
