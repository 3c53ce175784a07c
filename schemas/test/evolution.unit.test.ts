import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createCodec } from '../src/codec.ts';
import { type AnyEventType, eventType, type KeyedSchema } from '../src/event-type.ts';
import { type FakeRegistry, fakeRegistry } from './fake-registry.ts';

const reason = (...symbols: string[]) => ({
  name: 'reason',
  type: { type: 'enum', name: 'Reason', symbols, default: 'UNKNOWN' },
});
const version = (...fields: object[]): AnyEventType =>
  eventType('BoxPacked', 'box', {
    type: 'record',
    name: 'BoxPacked',
    namespace: 'troupe.box',
    key: 'orderId',
    fields: [{ name: 'orderId', type: 'string' }, ...fields],
  } satisfies KeyedSchema);

const item = (...more: object[]) => ({
  name: 'items',
  type: {
    type: 'array',
    items: { type: 'record', name: 'Item', fields: [{ name: 'sku', type: 'string' }, ...more] },
  },
});
const note = { name: 'note', type: ['null', 'string'], default: null };
const priority = { name: 'priority', type: 'int', default: 3 };

let registry: FakeRegistry;
beforeEach(async () => {
  registry = await fakeRegistry();
});
afterEach(() => registry.close());

/** What a service of one version reads of what a service of another has written. */
async function readBy(reader: AnyEventType, writer: AnyEventType, data: object): Promise<unknown> {
  registry.add(writer.schema);
  const writing = createCodec({ registryUrl: registry.url, events: [writer] });
  const reading = createCodec({ registryUrl: registry.url, events: [reader] });
  await writing.prepare([writer]);
  const message = writing.encode(writer({ orderId: 'o-1', ...data }));
  await reading.learn([message]);
  const decoded = reading.decode(message);
  expect(decoded.type).toBe(reader);
  return decoded.data;
}

describe('a newer service reads what an older one wrote', () => {
  it('with the defaults of fields that came later', async () => {
    expect(await readBy(version(note, priority), version(), {})).toStrictEqual({
      orderId: 'o-1',
      note: null,
      priority: 3,
    });
  });

  it('also inside lists', async () => {
    const read = await readBy(version(item(note)), version(item()), { items: [{ sku: 'a' }, { sku: 'b' }] });
    expect(read).toStrictEqual({
      orderId: 'o-1',
      items: [
        { sku: 'a', note: null },
        { sku: 'b', note: null },
      ],
    });
  });

  it('with symbols in another order', async () => {
    const read = await readBy(version(reason('C', 'UNKNOWN', 'A')), version(reason('A', 'UNKNOWN')), { reason: 'A' });
    expect(read).toStrictEqual({ orderId: 'o-1', reason: 'A' });
  });
});

describe('an older service reads what a newer one wrote', () => {
  it('without the fields that it does not know', async () => {
    const data = { note: 'fragile', priority: 1 };
    expect(await readBy(version(), version(note, priority), data)).toStrictEqual({ orderId: 'o-1' });
  });

  it('without a list that it does not know', async () => {
    const read = await readBy(version(note), version(item(note), note), {
      items: [{ sku: 'a', note: 'x' }],
      note: 'y',
    });
    expect(read).toStrictEqual({ orderId: 'o-1', note: 'y' });
  });

  it('with the default in place of a symbol that it does not know', async () => {
    const older = version(reason('A', 'UNKNOWN'));
    const newer = version(reason('A', 'B', 'UNKNOWN'));
    expect(await readBy(older, newer, { reason: 'B' })).toStrictEqual({ orderId: 'o-1', reason: 'UNKNOWN' });
  });

  it('with the symbols that it does know, wherever they moved', async () => {
    const older = version(reason('A', 'UNKNOWN'));
    const newer = version(reason('B', 'UNKNOWN', 'A'));
    expect(await readBy(older, newer, { reason: 'A' })).toStrictEqual({ orderId: 'o-1', reason: 'A' });
  });

  it('and refuses a list of impossible length in a field that it does not know', async () => {
    registry.add(version(item()).schema);
    const reading = createCodec({ registryUrl: registry.url, events: [version()] });
    const message = Buffer.from([0, 0, 0, 0, 1, 2, 0x6f, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40, 2, 0x61, 0]);
    await reading.learn([message]);
    expect(() => reading.decode(message)).toThrow(/an array claims/);
  });
});

describe('a field without default', () => {
  it('makes older messages undecodable, with the field named', async () => {
    const newer = version({ name: 'weight', type: 'int' });
    await expect(readBy(newer, version(), {})).rejects.toMatchObject({
      code: 'SCHEMA_UNRESOLVABLE',
      message: expect.stringContaining('weight'),
    });
  });
});
