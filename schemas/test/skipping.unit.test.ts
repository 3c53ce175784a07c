import { describe, expect, it } from '@jest/globals';
import { codecOver, type SchemaSource } from '../src/codec.ts';
import { type AnyEventType, type AvroSchema, eventType, type KeyedSchema } from '../src/event-type.ts';

const version = (...fields: object[]): KeyedSchema => ({
  type: 'record',
  name: 'BoxPacked',
  namespace: 'troupe.box',
  key: 'orderId',
  fields: [{ name: 'orderId', type: 'string' }, ...fields],
});
const BoxPacked: AnyEventType = eventType('BoxPacked', 'box', version());
const ORDER = '066f2d31';

/** What an older service reads of a message; `hex` is what follows its order id. */
async function read(schema: AvroSchema, hex: string, reader = BoxPacked): Promise<unknown> {
  const source: SchemaSource = { idOf: async () => 1, schemaById: async () => JSON.stringify(schema) };
  const codec = codecOver(source, [reader]);
  const message = Buffer.from(`0000000001${ORDER}${hex}`, 'hex');
  await codec.learn([message]);
  return codec.decode(message).data;
}

const added = (type: unknown, more = {}): AvroSchema => version({ name: 'added', type, ...more });
const tree = {
  type: 'record',
  name: 'Tree',
  fields: [{ name: 'children', type: { type: 'array', items: 'Tree' } }],
};
const chain = { type: 'record', name: 'Chain', fields: [{ name: 'next', type: ['null', 'Chain'] }] };
const nothing = { type: 'record', name: 'Nothing', fields: [{ name: 'of', type: 'null' }] };
const endless = { type: 'record', name: 'Endless', fields: [{ name: 'of', type: 'Endless' }] };
const doubling = (levels: number): object => {
  const of = levels === 0 ? 'null' : doubling(levels - 1);
  const again = levels === 0 ? 'null' : `D${levels - 1}`;
  return {
    type: 'record',
    name: `D${levels}`,
    fields: [
      { name: 'one', type: of },
      { name: 'other', type: again },
    ],
  };
};

describe('a field that an older service does not know is skipped', () => {
  it.each([
    ['a map', added({ type: 'map', values: 'long' }), '0202610200'],
    [
      'a map of maps in blocks that tell their size',
      added({ type: 'map', values: { type: 'map', values: 'int' } }),
      '0110026101060262000000',
    ],
    ['an array in a block that tells its size', added({ type: 'array', items: 'string' }), '03080261026200'],
    ['a record that holds itself', added(tree), '040002000000'],
    [
      'a record that is named by another field',
      version({ name: 'one', type: chain }, { name: 'two', type: 'Chain' }),
      '0002020200',
    ],
    [
      'a type that is used before it is defined',
      version({ name: 'one', type: ['null', 'Chain'] }, { name: 'two', type: chain }),
      '020000',
    ],
    ['2^60 elements that take no bytes', added({ type: 'array', items: nothing }), '80808080808080802000'],
    ['a default of the second type of a union', added(['string', 'null'], { default: null }), '02'],
    ['a default beyond 2^53', added('long', { default: 1e18 }), '00'],
    [
      'a name with letters of any alphabet',
      version({ name: 'größe', type: { type: 'enum', name: 'Größe', symbols: ['groß'] } }),
      '00',
    ],
    [
      'logical types, known, unknown and wrong',
      version(
        { name: 'a', type: { type: 'bytes', logicalType: 'decimal', precision: -1 } },
        { name: 'b', type: { type: 'int', logicalType: 'no such' } },
      ),
      '020502',
    ],
    ['a fixed without bytes', added({ type: 'fixed', name: 'None', size: 0 }), ''],
    [
      'an error, which is a record',
      added({ type: 'error', name: 'Oops', fields: [{ name: 'why', type: 'string' }] }),
      '0261',
    ],
    ['4 values that take no bytes, doubled 60 times', added(doubling(60)), ''],
  ])('%s', async (_, schema, hex) => {
    expect(await read(schema, hex)).toStrictEqual({ orderId: 'o-1' });
  });

  it('also in front of the fields that it knows, which may name types from it', async () => {
    const item = {
      type: 'record',
      name: 'Item',
      fields: [
        { name: 'sku', type: 'string' },
        { name: 'tags', type: { type: 'map', values: 'string' } },
      ],
    };
    const reader = eventType(
      'BoxPacked',
      'box',
      version({
        name: 'items',
        type: { type: 'array', items: { type: 'record', name: 'Item', fields: [{ name: 'sku', type: 'string' }] } },
      }),
    );
    const writer = version(
      { name: 'first', type: ['null', item] },
      { name: 'items', type: { type: 'array', items: 'Item' } },
    );
    expect(await read(writer, '0202610002026202027802790000', reader)).toStrictEqual({
      orderId: 'o-1',
      items: [{ sku: 'b' }],
    });
  });
});

describe('a field that an older service knows is resolved', () => {
  const reader = (...fields: object[]) => eventType('BoxPacked', 'box', version(...fields));

  it.each([
    ['from bytes to text', 'string', 'bytes', '0661c3a9', 'aé'],
    ['from int to long', 'long', 'int', '03', -2],
    ['from int to double', 'double', 'int', '03', -2],
    ['from long to float', 'float', 'long', '04', 2],
    ['from one type to a union with it', ['null', 'string'], 'string', '0261', 'a'],
    ['from a union in another order', ['null', 'string'], ['string', 'null', 'bytes'], '040261', 'a'],
  ])('%s', async (_, ours, theirs, hex, value) => {
    const data = await read(added(theirs), hex, reader({ name: 'added', type: ours }));
    expect(data).toStrictEqual({ orderId: 'o-1', added: value });
  });

  it('by our alias of its name, and of the name of its record', async () => {
    const ours = {
      name: 'size',
      aliases: ['added'],
      type: { type: 'record', name: 'Size', aliases: ['old.Extent'], fields: [{ name: 'cm', type: 'int' }] },
    };
    const theirs = {
      type: 'record',
      name: 'Extent',
      namespace: 'old',
      fields: [
        { name: 'cm', type: 'int' },
        { name: 'm', type: { type: 'map', values: 'int' } },
      ],
    };
    expect(await read(added(theirs), '0400', reader(ours))).toStrictEqual({ orderId: 'o-1', size: { cm: 2 } });
  });

  it('whatever the namespace of its record, as the registry compares', async () => {
    const size = { type: 'record', name: 'Size', fields: [{ name: 'cm', type: 'int' }] };
    const theirs = { ...size, namespace: 'else.where' };
    expect(await read(added(theirs), '04', reader({ name: 'added', type: size }))).toStrictEqual({
      orderId: 'o-1',
      added: { cm: 2 },
    });
  });
});

describe('what claims to be more than it can be is refused at once', () => {
  const map = { type: 'map', values: 'null' };
  const list = (items: unknown) => ({ type: 'array', items });
  it.each([
    ['a map of 2^40 entries', map, '80808080804000', 'a map claims 1099511627776 elements'],
    ['an array of 2^40 elements', list('int'), '80808080804000', 'an array claims 1099511627776 elements'],
    ['a block of 2^40 bytes', list('int'), '01808080808080400000', 'it is truncated'],
    ['a block of negative size', list('int'), '010100', 'a length of -1 is negative'],
    ['a text of negative length', 'string', '01', 'a length of -1 is negative'],
    ['a text beyond the end', 'string', '0661', 'it is truncated'],
    ['a number without end', 'long', 'ff'.repeat(600), 'a number takes more than 10 bytes'],
    ['an int of more than 5 bytes', 'int', 'ffffffffff01', 'a number takes more than 5 bytes'],
    ['a branch that its union has not', ['null', 'int'], '04', 'a union has no branch 2'],
    ['a negative branch', ['null', 'int'], '01', 'a union has no branch -1'],
    ['a fixed beyond the end', { type: 'fixed', name: 'F', size: 2 ** 31 }, '00', 'it is truncated'],
    ['a record that has no end', endless, '', 'deeper than 1000 levels'],
    ['records deeper than any stack', chain, '02'.repeat(400_000), 'deeper than 1000 levels'],
    ['arrays deeper than any stack', tree, '02'.repeat(400_000), 'deeper than 1000 levels'],
  ])('%s', async (_, type, hex, reason) => {
    const started = performance.now();
    await expect(read(added(type), hex)).rejects.toMatchObject({
      name: 'UndecodableMessage',
      code: 'AVRO_BROKEN',
      message: expect.stringContaining(reason),
    });
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('a schema whose types lie deeper than 200 levels within one another', async () => {
    let type: unknown = 'int';
    for (let level = 0; level < 300; level += 1) type = list(type);
    await expect(read(added(type), '00')).rejects.toMatchObject({
      code: 'SCHEMA_UNUSABLE',
      message: expect.stringContaining('deeper than 200 levels'),
    });
  });
});
