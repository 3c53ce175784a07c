import fc from 'fast-check';
import type { SchemaVersion } from '../../src/evolution/version.ts';
import { versionWith } from './versions.ts';

// biome-ignore lint/suspicious/noExplicitAny: schemas are JSON
type Json = any;

const SYMBOLS = ['A', 'B', 'C', 'UNKNOWN'];
const NAMES = ['one', 'two', 'three', 'four'];
const defaultOf: Readonly<Record<string, unknown>> = {
  int: 0,
  long: 0,
  float: 0,
  double: 0,
  string: '',
  bytes: '',
  boolean: false,
};

const enumOf = fc
  .record({
    name: fc.constantFrom('Size', 'Extent'),
    symbols: fc.uniqueArray(fc.constantFrom(...SYMBOLS), { minLength: 1 }),
    aliases: fc.constantFrom([], [], ['Size']),
    withDefault: fc.boolean(),
  })
  .map(({ withDefault, ...of }) => ({ type: 'enum', ...of, ...(withDefault && { default: of.symbols[0] }) }));

const primitive = fc.oneof(
  fc.constantFrom('int', 'long', 'float', 'double', 'string', 'bytes', 'boolean'),
  fc.constantFrom<Json>({ type: 'long', logicalType: 'timestamp-millis' }),
);

const { type: anyType, field: anyField } = fc.letrec<{ type: Json; field: Json }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    primitive,
    enumOf,
    tie('type')
      .filter((of) => !Array.isArray(of))
      .map((of) => ['null', of]),
    fc.constant(['null', 'string', 'int']),
    tie('type').map((items) => ({ type: 'array', items })),
    fc
      .record({
        name: fc.constantFrom('Item', 'Line'),
        aliases: fc.constantFrom([], [], ['Item']),
        // None without fields: the generator takes none, and a list of what has no bytes is never decoded.
        fields: fc.uniqueArray(tie('field'), { minLength: 1, maxLength: 3, selector: ({ name }) => name }),
      })
      .map((of) => ({ type: 'record', ...of })),
  ),
  field: fc
    .record({
      name: fc.constantFrom(...NAMES),
      type: tie('type'),
      aliases: fc.constantFrom([], [], ['one'], ['two']),
      withDefault: fc.boolean(),
    })
    .map(({ withDefault, ...field }) => ({ ...field, ...(withDefault && defaultFor(field.type)) })),
}));

function defaultFor(type: Json): object {
  if (Array.isArray(type)) return { default: null };
  if (type.type === 'array') return { default: [] };
  if (type.type === 'enum') return { default: type.symbols[0] };
  const value = defaultOf[type.type ?? type];
  return value === undefined ? {} : { default: value };
}

const fields = fc.uniqueArray(anyField, { maxLength: 4, selector: ({ name }) => name });

type Change = (before: readonly Json[]) => readonly Json[];
const one = (into: (field: Json) => Json): fc.Arbitrary<Change> =>
  fc.nat().map((at) => (before) => before.map((field, index) => (index === at % before.length ? into(field) : field)));

/** A change of one field, as people make them: most leave the others alone, so that many pairs are compatible. */
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.nat().map(
    (at): Change =>
      (before) =>
        before.filter((_, index) => index !== at % before.length),
  ),
  anyField.map(
    (added): Change =>
      (before) => [...before, added],
  ),
  anyType.chain((type) => one(({ name }) => ({ name, type }))),
  one((field) => ({ ...field, ...defaultFor(field.type) })),
  one((field) => ({ ...field, name: 'renamed', aliases: [field.name] })),
  one(({ default: _, ...field }) => ({ ...field, type: widened(field.type) })),
  fc.constant<Change>((before) => before.toReversed()),
);

function widened(type: Json): Json {
  if (type === 'int') return 'long';
  if (type === 'long') return 'double';
  if (type === 'string') return 'bytes';
  if (type?.type === 'enum') return { ...type, symbols: [...new Set([...type.symbols, ...SYMBOLS])] };
  return Array.isArray(type) || type?.type === 'array' ? type : ['null', type];
}

/** Two versions of an event, of which the second came of the first by some changes. */
export const twoVersions: fc.Arbitrary<readonly [SchemaVersion, SchemaVersion]> = fc
  .tuple(fields, fc.array(change, { maxLength: 3 }))
  .map(([before, changes]) => {
    const named = changes.reduce<readonly Json[]>((all, next) => next(all), before);
    const after = named.filter(({ name }, at) => named.findIndex((other) => other.name === name) === at);
    return [versionWith(1, ...before.map(distinct('a'))), versionWith(2, ...after.map(distinct('b')))] as const;
  });

/** A schema defines each name once: what is defined twice gets a name of its own in its namespace. */
function distinct(version: string): (field: Json, at: number) => Json {
  return (field, at) => ({ ...field, type: inNamespace(field.type, `${version}${at}`) });
}

function inNamespace(type: Json, namespace: string): Json {
  if (Array.isArray(type)) return type.map((branch, at) => inNamespace(branch, `${namespace}.u${at}`));
  if (type?.type === 'array') return { ...type, items: inNamespace(type.items, `${namespace}.i`) };
  if (type?.type === 'enum') return { ...type, namespace };
  if (type?.type !== 'record') return type;
  const inner = type.fields.map((field: Json, at: number) => ({
    ...field,
    type: inNamespace(field.type, `${namespace}.f${at}`),
  }));
  return { ...type, namespace, fields: inner };
}
