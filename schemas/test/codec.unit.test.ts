import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Codec, createCodec } from '../src/codec.ts';
import { RegistryUnavailable, SchemaNotRegistered, UndecodableMessage, UnencodableEvent } from '../src/errors.ts';
import { eventType } from '../src/event-type.ts';
import { OrderCreated, type OrderCreatedData, PaymentFailed, PaymentRefundFailed } from '../src/generated/events.ts';
import { type FakeRegistry, fakeRegistry } from './fake-registry.ts';

const order: OrderCreatedData = {
  orderId: '019aa3f2-7c1e-7b44-9f6d-2a3c4b5d6e7f',
  customerId: 'demo',
  items: [{ sku: 'SKU-001', quantity: 2, unitPrice: 1_999 }],
  amount: 3_998,
  currency: 'USD',
  paymentToken: 'tok_ok',
  orchestrated: false,
};

let registry: FakeRegistry;
let codec: Codec;
let schemaId: number;

beforeEach(async () => {
  registry = await fakeRegistry();
  schemaId = registry.add(OrderCreated.schema);
  codec = createCodec({ registryUrl: registry.url });
  await codec.prepare([OrderCreated]);
});
afterEach(() => registry.close());

const anotherCodec = (timeoutMs = 10_000): Codec => createCodec({ registryUrl: registry.url, timeoutMs });
/** One that waits for no answer, where it is known that none will come. */
const impatient = (broken: FakeRegistry['broken']): Codec => anotherCodec(broken === 'hang' ? 200 : undefined);
const written = (data: Partial<OrderCreatedData> = {}): Buffer => codec.encode(OrderCreated({ ...order, ...data }));
const withId = (id: number, message = written()): Buffer => {
  const copy = Buffer.from(message);
  copy.writeUInt32BE(id, 1);
  return copy;
};

/** What decoding fails with. */
function failure(message: Buffer, reader = codec): unknown {
  try {
    reader.decode(message);
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('writing', () => {
  it('begins with 0x00 and the schema id, big-endian', async () => {
    const far = createCodec({ registryUrl: registry.url });
    registry.broken = { status: 200, body: '{"id":16909060}' };
    await far.prepare([OrderCreated]);
    expect(far.encode(OrderCreated(order)).subarray(0, 5)).toEqual(Buffer.from([0, 1, 2, 3, 4]));
  });

  it('asks the registry once per event type, and never per message', () => {
    for (let i = 0; i < 100; i += 1) written();
    expect(registry.requests).toEqual(['POST /subjects/order.events-troupe.order.OrderCreated']);
  });

  it('hands over bytes that later events do not overwrite', async () => {
    const first = written({ customerId: 'first' });
    written({ customerId: 'second' });
    await codec.learn([first]);
    expect(codec.decode(first).data).toMatchObject({ customerId: 'first' });
  });

  it('takes events of any size', async () => {
    const paymentToken = 'x'.repeat(1_000_000);
    const message = written({ paymentToken });
    await codec.learn([message]);
    expect(codec.decode(message).data).toEqual({ ...order, paymentToken });
  });

  it('names the register step, and every schema that is missing', async () => {
    const failed = await anotherCodec()
      .prepare([OrderCreated, PaymentFailed, PaymentRefundFailed])
      .catch((e) => e);
    expect(failed).toBeInstanceOf(SchemaNotRegistered);
    expect(failed.subjects).toEqual([PaymentFailed.subject, PaymentRefundFailed.subject]);
    expect(failed.message).toContain('npm run register');
  });

  it('takes no event that it was not prepared for', () => {
    expect(() => codec.encode(PaymentFailed({ orderId: 'o', reason: 'DECLINED', detail: '' }))).toThrow(/prepare\(\)/);
  });

  const refused: [title: string, data: unknown, field: string, message: string][] = [
    ['a lone surrogate', { ...order, customerId: 'a\ud800b' }, 'customerId', 'lone surrogate'],
    [
      'a lone surrogate in a long text',
      { ...order, customerId: `${'x'.repeat(100)}\udfff` },
      'customerId',
      'lone surrogate',
    ],
    [
      'a lone surrogate deep inside',
      { ...order, items: [{ sku: '\udc00', quantity: 1, unitPrice: 1 }] },
      'items.0.sku',
      'lone surrogate',
    ],
    ['an amount beyond the safe integers', { ...order, amount: 2 ** 53 }, 'amount', '9007199254740992'],
    ['a fraction of a cent', { ...order, amount: 0.5 }, 'amount', 'is 0.5, not a whole number'],
    ['an amount that is not a number', { ...order, amount: Number.NaN }, 'amount', 'is NaN, not a whole number'],
    ['an amount as BigInt', { ...order, amount: 5n }, 'amount', 'is 5, not a whole number'],
    [
      'a quantity above 2^31',
      { ...order, items: [{ sku: 'a', quantity: 2 ** 31, unitPrice: 1 }] },
      'items.0.quantity',
      'is 2147483648',
    ],
    ['a missing field', { ...order, currency: undefined }, 'currency', 'is undefined, not a string'],
    ['something else than an array', { ...order, items: {} }, 'items', 'is an object'],
    ['no data at all', null, '', 'OrderCreated is null'],
  ];
  it.each(refused)('refuses %s, and names the field', (_, data, field, message) => {
    expect.assertions(3);
    try {
      codec.encode({ type: 'OrderCreated', data: data as OrderCreatedData });
    } catch (error) {
      expect(error).toBeInstanceOf(UnencodableEvent);
      expect((error as UnencodableEvent).field).toBe(field);
      expect((error as UnencodableEvent).message).toContain(message);
    }
  });

  it('refuses an enum symbol that the schema does not list', async () => {
    registry.add(PaymentFailed.schema);
    await codec.prepare([PaymentFailed]);
    const event = PaymentFailed({ orderId: 'o', reason: 'BORED' as 'DECLINED', detail: '' });
    expect(() => codec.encode(event)).toThrow(
      'PaymentFailed.reason is "BORED", not one of DECLINED, APPROVAL_REJECTED,',
    );
  });

  it('goes on after a refused event', async () => {
    expect(() => written({ amount: 0.5 })).toThrow(UnencodableEvent);
    const message = written();
    await codec.learn([message]);
    expect(codec.decode(message).data).toEqual(order);
  });
});

describe('reading', () => {
  it.each([
    ['NUL', 'a\0b'],
    ['an emoji', '👩‍🚀'],
    ['right to left', 'مرحبا'],
    ['an empty text', ''],
    ['a replacement character', '\ufffd'],
    ['a noncharacter', '\uffff'],
  ])('gives %s back unchanged', async (_, customerId) => {
    const message = written({ customerId });
    await codec.learn([message]);
    expect(codec.decode(message).data).toEqual({ ...order, customerId });
  });

  it.each([
    0,
    -1,
    2 ** 31,
    -(2 ** 31) - 1,
    2 ** 52,
    -(2 ** 52),
    -(2 ** 52) - 1,
    -8_757_656_827_499_860,
    Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER,
  ])('gives the amount %d back unchanged', async (amount) => {
    const message = written({ amount });
    await codec.learn([message]);
    expect(codec.decode(message).data).toEqual({ ...order, amount });
  });

  it('writes a large negative amount as Avro lays it down', () => {
    const message = written({ items: [], amount: Number.MIN_SAFE_INTEGER, currency: '', paymentToken: '' });
    expect(message.subarray(-11).toString('hex')).toBe('fdffffffffffff1f000000');
  });

  it.each([
    ['2^53', '8080808080808020'],
    ['-2^53', 'ffffffffffffff1f'],
    ['2^63 - 1', 'feffffffffffffffff01'],
    ['more than 64 bits', 'ffffffffffffffffffffff01'],
  ])('refuses an amount of %s, rather than to round it', async (_, long) => {
    const message = written({ items: [], amount: 0, currency: '', paymentToken: '' });
    await codec.learn([message]);
    const other = Buffer.concat([message.subarray(0, -4), Buffer.from(long, 'hex'), message.subarray(-3)]);
    expect(failure(other)).toMatchObject({ code: 'AVRO_BROKEN', message: expect.stringContaining('a long is beyond') });
  });

  it('gives plain objects, equal to what a rule would construct', async () => {
    const message = written();
    await codec.learn([message]);
    const { type, data } = codec.decode(message);
    expect(type).toBe(OrderCreated);
    expect(data).toStrictEqual(order);
  });

  it('fetches each schema once, however many messages and callers want it', async () => {
    const reader = anotherCodec();
    registry.requests.length = 0;
    const messages = Array.from({ length: 100 }, () => written());
    await Promise.all([reader.learn(messages), reader.learn(messages)]);
    await reader.learn(messages);
    for (const message of messages) reader.decode(message);
    expect(registry.requests).toEqual([`GET /schemas/ids/${schemaId}`]);
  });

  it('says that a message was not learned, in a way that is tried again', () => {
    expect(failure(written(), anotherCodec())).toBeInstanceOf(RegistryUnavailable);
  });

  it('finds every truncation, and bytes that follow', async () => {
    const message = written();
    await codec.learn([message]);
    for (let length = 0; length < message.length; length += 1) {
      const code = length <= 5 ? 'NOT_CONFLUENT_AVRO' : 'AVRO_BROKEN';
      expect(failure(message.subarray(0, length))).toMatchObject({ name: 'UndecodableMessage', code });
    }
    const longer = Buffer.concat([message, Buffer.from([0])]);
    const follows = expect.stringContaining('1 bytes follow');
    expect(failure(longer)).toMatchObject({ code: 'AVRO_BROKEN', message: follows, at: message.length });
  });

  it('refuses another magic byte without asking the registry', async () => {
    const message = Buffer.from('{"orderId":"not avro"}');
    registry.requests.length = 0;
    await codec.learn([message]);
    expect(failure(message)).toMatchObject({ code: 'NOT_CONFLUENT_AVRO', message: expect.stringContaining('0x7b') });
    expect(registry.requests).toEqual([]);
  });

  it.each([
    ['2^40 elements', [0x80, 0x80, 0x80, 0x80, 0x80, 0x40]],
    ['a block of 2^40 elements', [0xff, 0xff, 0xff, 0xff, 0xff, 0x3f, 0]],
    ['an endless count', Array(600).fill(0xff)],
  ])('refuses an array that claims %s, at once', async (_, count) => {
    await codec.learn([written()]);
    const strings = written({ items: [] }).subarray(0, 5 + 1 + 36 + 1 + 4);
    const message = Buffer.concat([strings, Buffer.from(count), Buffer.alloc(20)]);
    expect(failure(message)).toMatchObject({
      code: 'AVRO_BROKEN',
      message: expect.stringContaining('an array claims'),
    });
  });

  it.each([
    ['is not Avro', { type: 'nonsense' }, 'SCHEMA_UNUSABLE'],
    [
      'has a map where ours has a text',
      { ...OrderCreated.schema, fields: [{ name: 'orderId', type: { type: 'map', values: 'string' } }] },
      'SCHEMA_UNRESOLVABLE',
    ],
    [
      'names a type of another schema, by reference',
      { ...OrderCreated.schema, fields: [{ name: 'address', type: 'troupe.shared.Address' }] },
      'SCHEMA_UNUSABLE',
    ],
    ['is a JSON schema', { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object' }, 'SCHEMA_UNUSABLE'],
    ['is of no event', { type: 'record', name: 'Other', namespace: 'some.where', fields: [] }, 'EVENT_UNKNOWN'],
    ['is not of a record', { type: 'string' }, 'EVENT_UNKNOWN'],
    [
      'does not resolve',
      {
        type: 'record',
        name: 'OrderCreated',
        namespace: 'troupe.order',
        fields: [{ name: 'orderId', type: 'string' }],
      },
      'SCHEMA_UNRESOLVABLE',
    ],
  ])('refuses a message whose schema %s, and asks for it once only', async (_, schema, code) => {
    const message = withId(registry.add(schema));
    registry.requests.length = 0;
    await codec.learn([message]);
    await codec.learn([message]);
    expect(failure(message)).toMatchObject({ name: 'UndecodableMessage', code });
    expect(registry.requests).toHaveLength(1);
  });

  it('says which type a schema names by reference, and that references are not read', async () => {
    const message = withId(
      registry.add({ ...OrderCreated.schema, fields: [{ name: 'to', type: 'troupe.shared.Address' }] }),
    );
    await codec.learn([message]);
    const sentence = 'Schema 2 cannot be used: it names the type troupe.shared.Address, which it does not define;';
    expect(failure(message)).toMatchObject({ message: expect.stringContaining(sentence) });
  });

  it('refuses a Protobuf schema', async () => {
    const reader = anotherCodec();
    registry.broken = { status: 200, body: JSON.stringify({ schema: 'syntax = "proto3"; message OrderCreated {}' }) };
    await reader.learn([withId(7)]);
    expect(failure(withId(7), reader)).toMatchObject({ name: 'UndecodableMessage', code: 'SCHEMA_UNUSABLE' });
  });

  it('refuses an id that the registry does not have, and reads it once the registry has it again', async () => {
    const message = withId(2);
    await codec.learn([message]);
    expect(failure(message)).toMatchObject({ name: 'UndecodableMessage', code: 'SCHEMA_UNKNOWN' });
    registry.add(OrderCreated.schema);
    await codec.learn([message]);
    expect(codec.decode(message).data).toEqual(order);
  });

  it('learns what it can beside a message that it never can', async () => {
    const reader = anotherCodec();
    await reader.learn([withId(99), written()]);
    expect(reader.decode(written()).data).toEqual(order);
    expect(failure(withId(99), reader)).toBeInstanceOf(UndecodableMessage);
  });
});

describe('while the registry is away', () => {
  const away: [title: string, broken: FakeRegistry['broken']][] = [
    ['answers 500', { status: 500, body: '{"error_code":50001,"message":"store is down"}' }],
    ['answers 429', { status: 429, body: 'slow down' }],
    ['refuses us', { status: 401, body: '' }],
    ['is another server, that answers 404', { status: 404, body: '<html>not here</html>' }],
    ['answers 200 with something else', { status: 200, body: '<html>log in first</html>' }],
    ['answers 200 with null', { status: 200, body: 'null' }],
    ['does not answer', 'hang'],
  ];
  it.each(away)('(it %s) a message is kept for later, and read when it is back', async (_, broken) => {
    const reader = impatient(broken);
    const message = written();
    registry.broken = broken;
    await expect(reader.learn([message])).rejects.toBeInstanceOf(RegistryUnavailable);
    expect(failure(message, reader)).toBeInstanceOf(RegistryUnavailable);
    registry.broken = undefined;
    await reader.learn([message]);
    expect(reader.decode(message).data).toEqual(order);
  });

  it.each(away)('(it %s) a writer is not ready, and gets ready when it is back', async (_, broken) => {
    const writer = impatient(broken);
    registry.broken = broken;
    await expect(writer.prepare([OrderCreated])).rejects.toBeInstanceOf(RegistryUnavailable);
    registry.broken = undefined;
    await writer.prepare([OrderCreated]);
    expect(writer.encode(OrderCreated(order))).toEqual(written());
  });

  it('messages of known schemas are read and written', async () => {
    await codec.learn([written()]);
    registry.broken = { status: 503, body: '' };
    await codec.learn([written()]);
    expect(codec.decode(written()).data).toEqual(order);
  });

  it('says where it was asked, and why there was no answer', async () => {
    await registry.close();
    const failed: Error = await anotherCodec()
      .learn([written()])
      .catch((e) => e);
    expect(failed.message).toMatch(
      /did not answer GET http:\/\/127\.0\.0\.1:\d+\/schemas\/ids\/1 \(.*ECONNREFUSED.*\)/,
    );
  });
});

describe('an event type', () => {
  it('knows its place on the wire', () => {
    const Moved = eventType<'BoxMoved', { orderId: string }>('BoxMoved', 'box', { key: 'orderId' });
    expect({ ...Moved }).toMatchObject({
      fullName: 'troupe.box.BoxMoved',
      topic: 'box.events',
      subject: 'box.events-troupe.box.BoxMoved',
    });
  });
});
