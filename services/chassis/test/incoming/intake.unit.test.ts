import { describe, expect, it } from '@jest/globals';
import { type Codec, PaymentCompleted, RegistryUnavailable, UndecodableMessage } from '@troupe/schemas';
import { intake } from '../../src/incoming/intake.ts';
import type { KafkaRecord } from '../../src/kafka/record.ts';
import { Readiness } from '../../src/process/readiness.ts';
import { decided } from '../../src/rules/decision.ts';
import { on } from '../../src/rules/reactions.ts';
import type { Log } from '../../src/telemetry/log.ts';

const ORDER = '01890000-0000-7000-8000-000000000001';
const EVENT = '01890000-0000-7000-8000-0000000000aa';
const table = { reactions: [on(PaymentCompleted, { react: (_event, state: undefined) => decided(state) })] };
const log = { warn: () => undefined } as unknown as Log;

type Reader = Pick<Codec, 'learn' | 'decode'>;

function reader(over: Partial<Reader> = {}): Reader {
  return {
    learn: async () => undefined,
    decode: () => ({ type: PaymentCompleted, data: { orderId: ORDER } }),
    ...over,
  };
}

function record(over: Partial<KafkaRecord> = {}): KafkaRecord {
  return {
    topic: 'payment.events',
    partition: 2,
    offset: '7',
    timestampMs: 0,
    key: Buffer.from(ORDER),
    value: Buffer.from([0, 0, 0, 0, 1]),
    headers: { ce_id: EVENT, ce_type: PaymentCompleted.fullName },
    ...over,
  };
}

const take = (records: KafkaRecord[], codec = reader(), readiness = new Readiness()) =>
  intake({ table, codec, readiness, log })(records);

describe('the intake of records', () => {
  it('makes an event of a record that the service hears', async () => {
    expect(await take([record()])).toMatchObject([
      { kind: 'event', id: EVENT, type: 'PaymentCompleted', key: ORDER, causationId: EVENT, correlationId: ORDER },
    ]);
  });

  it('knows the bytes of an event by their hash', async () => {
    const [one, two, again] = await take([record(), record({ value: Buffer.from([0, 0, 0, 0, 2]) }), record()]);
    if (one?.kind !== 'event' || two?.kind !== 'event' || again?.kind !== 'event') throw new Error('no event');
    expect(one.payloadHash).toHaveLength(32);
    expect(one.payloadHash.equals(again.payloadHash)).toBe(true);
    expect(one.payloadHash.equals(two.payloadHash)).toBe(false);
  });

  /** Ways to write one UUID; PostgreSQL takes all but the URN for the same value. */
  const spellings: readonly (readonly [what: string, spelled: (id: string) => string])[] = [
    ['in upper case', (id) => id.toUpperCase()],
    ['in mixed case', (id) => id.replace('a', 'A')],
    ['in braces', (id) => `{${id}}`],
    ['as a URN', (id) => `urn:uuid:${id}`],
    ['without hyphens', (id) => id.replaceAll('-', '')],
    ['with other hyphens', (id) => id.replaceAll('-', '').replace(/(.{4})(?!$)/g, '$1-')],
  ];
  const ORDER_A = ORDER.replace(/1$/, 'a');
  const about = (orderId: string): Partial<Reader> => ({
    decode: () => ({ type: PaymentCompleted, data: { orderId } }) as never,
  });

  describe.each(spellings)('sets aside an id %s, and says where it stands and how it is written:', (_, spelled) => {
    const odd = spelled(ORDER_A);
    const said = (where: string, id = ORDER_A) => ({
      kind: 'poison',
      code: 'ID_SPELLING',
      reason: expect.stringMatching(`^${where} is ".*another spelling of the id ${id}\\. Ids are lower-case UUIDs`),
    });

    it('ce_id', async () => {
      const headers = { ...record().headers, ce_id: spelled(EVENT) };
      expect(await take([record({ headers })])).toMatchObject([said('The ce_id header', EVENT)]);
    });

    it('the key', async () => {
      const key = Buffer.from(odd);
      expect(await take([record({ key })], reader(about(ORDER_A)))).toMatchObject([said('The record key')]);
    });

    it('the order in the value, also when the key is the same', async () => {
      for (const key of [ORDER_A, odd]) {
        const taken = await take([record({ key: Buffer.from(key) })], reader(about(odd)));
        expect(taken).toMatchObject([said('The orderId in the value')]);
      }
    });

    it.each(['ce_subject', 'ce_correlationid', 'ce_causationid'])('%s', async (name) => {
      const headers = { ...record().headers, [name]: odd };
      expect(await take([record({ headers })])).toMatchObject([said(`The ${name} header`)]);
    });
  });

  it('sets aside an event of something that is no order', async () => {
    const taken = await take([record({ key: Buffer.from('order-1') })], reader(about('order-1')));
    expect(taken).toMatchObject([
      { code: 'NOT_AN_ID', reason: 'The orderId in the value is "order-1", which is no UUID. Mend its producer.' },
    ]);
  });

  it('says which key a record has that is of another order than its value', async () => {
    const [other, none] = await take([record({ key: Buffer.from(EVENT) }), record({ key: null })]);
    expect(other).toMatchObject({
      reason: expect.stringContaining(`has the key "${EVENT}", and the orderId in its value is ${ORDER}`),
    });
    expect(none).toMatchObject({ reason: expect.stringContaining('has no key, and the orderId') });
  });

  it('takes what others write into the headers of a CloudEvent that is no id at all', async () => {
    const headers = { ...record().headers, ce_subject: 'an order', ce_correlationid: '42', ce_causationid: '' };
    expect(await take([record({ headers })])).toMatchObject([{ kind: 'event' }]);
  });

  it.each([
    ['1', 1],
    ['64', 64],
    ['999999999', 999_999_999],
  ])('knows how deep an event lies by its header: %p', async (text, depth) => {
    expect(await take([record({ headers: { ...record().headers, ce_depth: text } })])).toMatchObject([{ depth }]);
  });

  it('takes an event without that header for a first one: it may be from before, or of a foreign producer', async () => {
    expect(await take([record()])).toMatchObject([{ kind: 'event', depth: 1 }]);
  });

  it.each(['', '0', '-1', '+2', ' 2', '02', '2.0', '2e3', '0x20', '٣', 'NaN', '2,3', '1000000000', '9'.repeat(4_000)])(
    'does not believe a depth that is none, and handles its event as a first one: %p',
    async (text) => {
      const headers = { ...record().headers, ce_depth: text };
      expect(await take([record({ headers })])).toMatchObject([{ kind: 'event', depth: 1 }]);
    },
  );

  it.each([`x${EVENT}`, `${EVENT}x`])('takes nothing around an id: %s', async (id) => {
    expect(await take([record({ headers: { ...record().headers, ce_id: id } })])).toMatchObject([
      { code: 'NO_EVENT_ID' },
    ]);
  });

  it('sets aside a record whose header and schema say different things', async () => {
    const decode: Reader['decode'] = () =>
      ({ type: { ...PaymentCompleted, fullName: 'other' }, data: { orderId: ORDER } }) as never;
    expect(await take([record()], reader({ decode }))).toMatchObject([{ code: 'TYPE_MISMATCH' }]);
  });

  it('sets aside what cannot be decoded for a reason without a code, and keeps the reason', async () => {
    const decode = () => {
      throw new Error('out of range');
    };
    expect(await take([record()], reader({ decode }))).toMatchObject([{ code: 'UNDECODABLE', reason: 'out of range' }]);
  });

  it('learns the schemas of what it takes, and of nothing else', async () => {
    const learned: Buffer[][] = [];
    const learn = async (values: readonly Buffer[]) => void learned.push([...values]);
    const stranger = record({ headers: { ce_id: EVENT, ce_type: 'troupe.payment.PaymentInvented' } });
    await take([record(), record({ value: null }), stranger], reader({ learn }));
    expect(learned).toEqual([[record().value]]);
  });

  it('does not wait for what is no outage', async () => {
    const learn = () => Promise.reject(new Error('a bug'));
    await expect(take([record()], reader({ learn }))).rejects.toThrow('a bug');
  });

  it('leaves out what the service does not hear, without decoding it', async () => {
    const stranger = record({ headers: { ce_id: EVENT, ce_type: 'troupe.payment.PaymentInvented' } });
    const decode = () => {
      throw new Error('decoded');
    };
    expect(await take([stranger], reader({ decode }))).toEqual([]);
  });

  it.each([
    ['no event id', record({ headers: { ce_type: PaymentCompleted.fullName } }), 'NO_EVENT_ID'],
    ['an event id that is no UUID', record({ headers: { ...record().headers, ce_id: 'x' } }), 'NO_EVENT_ID'],
    ['no event type', record({ headers: { ce_id: EVENT } }), 'NO_EVENT_TYPE'],
    ['no value', record({ value: null }), 'NO_VALUE'],
    ['no key', record({ key: null }), 'KEY_MISMATCH'],
    ['the key of another order', record({ key: Buffer.from('x') }), 'KEY_MISMATCH'],
  ])('sets aside a record with %s', async (_what, bad, code) => {
    expect(await take([bad, record()])).toMatchObject([{ kind: 'poison', code }, { kind: 'event' }]);
  });

  it('sets aside bytes that can never be decoded', async () => {
    const decode = () => {
      throw new UndecodableMessage('AVRO_BROKEN', 'the value ends early');
    };
    expect(await take([record()], reader({ decode }))).toMatchObject([{ kind: 'poison', code: 'AVRO_BROKEN' }]);
  });

  it('sets aside a batch that cannot be read, and asks nobody for a schema of it, also when it comes back as a dead letter', async () => {
    const asked: Buffer[] = [];
    const learn = async (values: readonly Buffer[]): Promise<void> => void asked.push(...values);
    const headers = { 'content-type': 'application/vnd.kafka.record-batch' };
    const batch = record({ key: null, headers, unreadable: { firstOffset: '6', reason: 'It cannot be read.' } });
    const { unreadable: _, ...deadLetter } = batch;
    const [first, again] = await take([batch, deadLetter], reader({ learn }));
    expect(first).toMatchObject({ kind: 'poison', code: 'BATCH_UNREADABLE', reason: 'It cannot be read.' });
    expect(again).toMatchObject({ kind: 'poison', code: 'BATCH_UNREADABLE' });
    expect(again).toHaveProperty('reason', expect.stringContaining('have its producer write its records again'));
    expect(asked).toEqual([]);
  });

  it('waits while the registry is away, says so, and loses nothing', async () => {
    const readiness = new Readiness();
    const reasons: string[] = [];
    let asked = 0;
    const learn = async (): Promise<void> => {
      asked += 1;
      reasons.push(...Object.keys(readiness.reasons));
      if (asked < 3) throw new RegistryUnavailable('connection refused');
    };
    expect(await take([record()], reader({ learn }), readiness)).toHaveLength(1);
    expect(reasons).toEqual(['registry', 'registry']);
    expect(readiness.ready).toBe(true);
  });

  it('waits as well when only the decoding finds that a schema is missing: what is away makes no dead letter', async () => {
    let asked = 0;
    const decode: Reader['decode'] = (value) => {
      asked += 1;
      if (asked < 3) throw new RegistryUnavailable('schema 1 is not known yet');
      return reader().decode(value);
    };
    const readiness = new Readiness();
    expect(await take([record()], reader({ decode }), readiness)).toMatchObject([{ kind: 'event' }]);
    expect(asked).toBe(3);
    expect(readiness.ready).toBe(true);
  });
});
