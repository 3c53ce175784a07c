import { describe, expect, it } from '@jest/globals';
import { writerOf } from '../../src/evolution/reading.ts';
import { refusalsOf } from '../../src/evolution/refusals.ts';
import { EVENT, readBy, refusedInStore, sentences, versionWith } from './versions.ts';

const size = (...symbols: readonly string[]) => ({ type: 'enum', name: 'Size', symbols });
const sizeOrUnknown = (...symbols: readonly string[]) => ({ ...size(...symbols, 'UNKNOWN'), default: 'UNKNOWN' });
const list = (name: string, ...fields: readonly object[]) => ({
  name: 'items',
  type: { type: 'array', items: { type: 'record', name, fields } },
});
const sku = { name: 'sku', type: 'string' };
const weight = { name: 'weight', type: 'int' };
const note = { name: 'note', type: 'string' };

/** Between a first and a second version of an event that the store hears, and runs with both. */
describe.each([
  [
    'a removed field that an older reader needs',
    [note],
    [],
    [
      'FIELD_MISSING: box writes BoxPacked (version 2) without note; store reads it (version 1): give note a default first, and remove it when nobody reads without that default any more.',
    ],
  ],
  [
    'a new field without a default',
    [],
    [weight],
    [
      'FIELD_MISSING: box wrote BoxPacked (version 1) without weight; store reads it (version 2): give weight a default.',
    ],
  ],
  [
    'a renamed field',
    [note],
    [{ ...note, name: 'remark' }],
    [
      'FIELD_MISSING: box writes BoxPacked (version 2) without note; store reads it (version 1): give note a default first, and remove it when nobody reads without that default any more.',
      'FIELD_MISSING: box wrote BoxPacked (version 1) without remark; store reads it (version 2): give remark a default. If it is note renamed, give it "aliases": ["note"].',
    ],
  ],
  [
    'a renamed field with an alias, as long as older readers run',
    [note],
    [{ ...note, name: 'remark', aliases: ['note'] }],
    [
      'FIELD_MISSING: box writes BoxPacked (version 2) without note; store reads it (version 1): give note a default first, and remove it when nobody reads without that default any more.',
    ],
  ],
  [
    'an alias of two fields',
    [note, { ...note, name: 'remark' }],
    [{ ...note, name: 'text', aliases: ['note', 'remark'], default: '' }],
    [
      'FIELD_MISSING: box writes BoxPacked (version 2) without note; store reads it (version 1): give note a default first, and remove it when nobody reads without that default any more.',
      'FIELD_MISSING: box writes BoxPacked (version 2) without remark; store reads it (version 1): give remark a default first, and remove it when nobody reads without that default any more.',
      'ALIAS_AMBIGUOUS: box wrote BoxPacked (version 1) with note and remark; store reads it (version 2) and takes both for text: remove one of them from the aliases of text.',
    ],
  ],
  [
    'a wider type, which older readers cannot take',
    [weight],
    [{ ...weight, type: 'long' }],
    [
      'TYPE_CHANGED: box writes BoxPacked (version 2) with weight as long; store reads it (version 1) as int: keep weight as it was, and add a field of another name, with a default, for the new type.',
    ],
  ],
  [
    'another type',
    [weight],
    [{ ...weight, type: 'string' }],
    [
      'TYPE_CHANGED: box writes BoxPacked (version 2) with weight as string; store reads it (version 1) as int: keep weight as it was, and add a field of another name, with a default, for the new type.',
      'TYPE_CHANGED: box wrote BoxPacked (version 1) with weight as int; store reads it (version 2) as string: keep weight as it was, and add a field of another name, with a default, for the new type.',
    ],
  ],
  [
    'a symbol that older readers do not know, without a default',
    [{ name: 'size', type: size('BIG') }],
    [{ name: 'size', type: size('BIG', 'SMALL') }],
    [
      'SYMBOL_UNKNOWN: box writes BoxPacked (version 2) with size SMALL; store reads it (version 1) and knows only BIG: give the enum of size a default symbol first.',
    ],
  ],
  [
    'a symbol that was removed, without a default',
    [{ name: 'size', type: size('BIG', 'SMALL') }],
    [{ name: 'size', type: size('BIG') }],
    [
      'SYMBOL_UNKNOWN: box wrote BoxPacked (version 1) with size SMALL; store reads it (version 2) and knows only BIG: give the enum of size a default symbol first.',
    ],
  ],
  [
    'a field that may be null now',
    [note],
    [{ ...note, type: ['null', 'string'], default: null }],
    [
      'UNION_CHANGED: box writes BoxPacked (version 2) with note as null; store reads it (version 1) as string: keep note as it was, and add a field of another name, with a default, for the new type.',
    ],
  ],
  [
    'a union of another type',
    [{ ...note, type: ['null', 'string'], default: null }],
    [{ ...note, type: ['null', 'int'], default: null }],
    [
      'UNION_CHANGED: box writes BoxPacked (version 2) with note as int; store reads it (version 1) as [null, string]: keep note as it was, and add a field of another name, with a default, for the new type.',
      'UNION_CHANGED: box wrote BoxPacked (version 1) with note as string; store reads it (version 2) as [null, int]: keep note as it was, and add a field of another name, with a default, for the new type.',
    ],
  ],
  [
    'a type of another name',
    [list('Item', sku)],
    [list('Line', sku)],
    [
      'NAME_CHANGED: box writes BoxPacked (version 2) with items of type Line; store reads it (version 1) as Item: keep the name Item.',
      'NAME_CHANGED: box wrote BoxPacked (version 1) with items of type Item; store reads it (version 2) as Line: give the type Line "aliases": ["Item"].',
    ],
  ],
  [
    'a field within a list',
    [list('Item', sku)],
    [list('Item', sku, weight)],
    [
      'FIELD_MISSING: box wrote BoxPacked (version 1) without items.weight; store reads it (version 2): give items.weight a default.',
    ],
  ],
  [
    'a number that stands for something else',
    [{ name: 'at', type: 'long' }],
    [{ name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } }],
    [
      'MEANING_CHANGED: box writes BoxPacked (version 2) with at as timestamp-millis; store reads it (version 1) as a plain value: keep at as it was, and add a field of another name, with a default, for the new type.',
      'MEANING_CHANGED: box wrote BoxPacked (version 1) with at as a plain value; store reads it (version 2) as timestamp-millis: keep at as it was, and add a field of another name, with a default, for the new type.',
    ],
  ],
])('%s', (_, before, after, told) => {
  it('is refused, with who writes, who reads, the field and the remedy', () => {
    const refused = refusedInStore(versionWith(1, ...before), versionWith(2, ...after));
    expect(sentences(refused).sort()).toEqual([...told].sort());
  });
});

describe.each([
  ['a new field with a default', [], [{ ...weight, default: 0 }]],
  ['a removed field with a default', [{ ...note, default: '' }], []],
  [
    'a new symbol, where the enum has a default',
    [{ name: 'size', type: sizeOrUnknown('BIG') }],
    [{ name: 'size', type: sizeOrUnknown('BIG', 'SMALL') }],
  ],
  ['symbols in another order', [{ name: 'size', type: size('A', 'B') }], [{ name: 'size', type: size('B', 'A') }]],
  ['another doc', [note], [{ ...note, doc: 'Told otherwise.' }]],
  ['a default that is added', [note], [{ ...note, default: '' }]],
  ['fields in another order', [note, weight], [weight, note]],
  ['a type in another namespace', [list('Item', sku)], [list('other.Item', sku)]],
])('%s', (_, before, after) => {
  it('is accepted in both directions', () => {
    expect(sentences(refusedInStore(versionWith(1, ...before), versionWith(2, ...after)))).toEqual([]);
  });
});

describe('what only the versions decide together', () => {
  it('is accepted once no older reader runs: a wider type', () => {
    const [older, newer] = [versionWith(1, weight), versionWith(2, { ...weight, type: 'long' })];
    expect(refusalsOf([older, newer].map(writerOf), [readBy('store', newer)])).toEqual([]);
  });

  it('is refused although the last version is fine: a default that is taken back', () => {
    const versions = [versionWith(1), versionWith(2, { ...weight, default: 0 }), versionWith(3, weight)];
    const refused = refusalsOf(
      versions.slice(1).map(writerOf),
      versions.map((version) => readBy('store', version)),
    );
    expect(refused).toEqual([]);
    expect(sentences(refusedInStore(...versions))).toEqual([
      'FIELD_MISSING: box wrote BoxPacked (version 1) without weight; store reads it (version 3): give weight a default.',
    ]);
  });

  it('concerns only who reads: a reader of fewer fields can do without the rest', () => {
    const [older, newer] = [versionWith(1, note, weight), versionWith(2, weight)];
    expect(
      refusalsOf([writerOf(newer)], [readBy('scale', { ...older, schema: versionWith(1, weight).schema })]),
    ).toEqual([]);
    expect(refusalsOf([writerOf(newer)], [readBy('store', older)])).toMatchObject([
      { field: 'note', readers: [{ service: 'store', versions: [1] }] },
    ]);
  });

  it('names all who read, and all versions, in one sentence', () => {
    const versions = [versionWith(1, note), versionWith(2, { ...note, doc: 'Told.' }), versionWith(3)];
    const readers = versions.slice(0, 2).flatMap((version) => [readBy('store', version), readBy('scale', version)]);
    expect(sentences(refusalsOf(versions.map(writerOf), readers))).toEqual([
      'FIELD_MISSING: box writes BoxPacked (version 3) without note; store (versions 1 and 2) and scale (versions 1 and 2) read it: give note a default first, and remove it when nobody reads without that default any more.',
    ]);
  });

  it('is refused although every byte can be read: another key', () => {
    const [older, newer] = [versionWith(1, note), { ...versionWith(2, note), key: 'note' }];
    expect(sentences(refusalsOf([writerOf(newer)], [readBy('store', older)]))).toEqual([
      'KEY_CHANGED: box writes BoxPacked (version 2) with the key note; store reads it (version 1) with the key orderId, by which its order is kept: keep the key, or emit a new event.',
    ]);
  });
});

describe('a schema that only a registry knows', () => {
  const writer = (text: string) => ({
    event: EVENT,
    called: 'version 7 of the registry',
    version: undefined,
    key: undefined,
    text,
  });
  const reader = readBy('store', versionWith(1, note));

  it.each([
    [
      'of another event',
      JSON.stringify({ ...versionWith(1, note).schema, name: 'BoxSent' }),
      'OTHER_EVENT: box writes BoxPacked (version 7 of the registry) as a record troupe.box.BoxSent; store reads it (version 1) as troupe.box.BoxPacked: keep the name, or emit a new event.',
    ],
    [
      'that is no Avro',
      'syntax = "proto3";',
      /^SCHEMA_UNUSABLE: box writes BoxPacked \(version 7 of the registry\) with a schema that cannot be used \(.*\); store reads it/,
    ],
    [
      'without a field that is needed',
      JSON.stringify(versionWith(1).schema),
      'FIELD_MISSING: box writes BoxPacked (version 7 of the registry) without note; store reads it (version 1): give note a default first, and remove it when nobody reads without that default any more.',
    ],
  ])('%s is refused', (_, text, told) => {
    const found = sentences(refusalsOf([writer(text)], [reader]));
    expect(found).toEqual([typeof told === 'string' ? told : expect.stringMatching(told)]);
  });
});
