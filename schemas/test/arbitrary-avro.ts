import avsc from 'avsc';
import fc from 'fast-check';
import type { AnyEventType, AvroSchema, EventData } from '../src/event-type.ts';
import { arbitraryEvent } from './arbitrary-event.ts';

// biome-ignore lint/suspicious/noExplicitAny: schemas are JSON
type Json = any;

/** A type of Avro with one of its values, as avsc writes it where unions are wrapped. */
interface Typed {
  readonly schema: Json;
  readonly value: unknown;
}
/** Makes one, with names that nobody else has. */
type Making = (fresh: () => string) => Typed;

const plain = (schema: Json, value: fc.Arbitrary<unknown>): fc.Arbitrary<Making> =>
  value.map((of) => () => ({ schema, value: of }));
const named = (schema: Json, value: fc.Arbitrary<unknown>): fc.Arbitrary<Making> =>
  value.map((of) => (fresh) => ({ schema: { ...schema, name: `added.${fresh()}` }, value: of }));
const bytes = (length?: number): fc.Arbitrary<Buffer> =>
  fc
    .uint8Array(length === undefined ? { maxLength: 40 } : { minLength: length, maxLength: length })
    .map((of) => Buffer.from(of));
const long = fc.integer({ min: -(2 ** 52) + 1, max: 2 ** 52 - 1 });
const logical = (type: string, logicalType: string, value: fc.Arbitrary<unknown>, more = {}) =>
  plain({ type, logicalType, ...more }, value);

const leaf: fc.Arbitrary<Making> = fc.oneof(
  plain('null', fc.constant(null)),
  plain('boolean', fc.boolean()),
  plain('int', fc.integer()),
  plain('long', long),
  plain('float', fc.float({ noNaN: true })),
  plain('double', fc.double({ noNaN: true })),
  plain('bytes', bytes()),
  plain({ type: 'string', 'avro.java.string': 'String' }, fc.string({ unit: 'binary', maxLength: 200 })),
  named({ type: 'fixed', size: 7 }, bytes(7)),
  named({ type: 'enum', symbols: ['A', 'B', 'C'], default: 'C', doc: 'Of three.' }, fc.constantFrom('A', 'B', 'C')),
  logical('bytes', 'decimal', bytes(), { precision: 9, scale: 2 }),
  named({ type: 'fixed', size: 8, logicalType: 'decimal', precision: 9, scale: 2 }, bytes(8)),
  named({ type: 'fixed', size: 16, logicalType: 'uuid' }, bytes(16)),
  named({ type: 'fixed', size: 12, logicalType: 'duration' }, bytes(12)),
  logical('string', 'uuid', fc.uuid()),
  logical('int', 'date', fc.integer()),
  logical('int', 'time-millis', fc.nat()),
  ...['time-micros', 'timestamp-millis', 'timestamp-micros', 'timestamp-nanos'].map((name) =>
    logical('long', name, long),
  ),
  ...['local-timestamp-millis', 'local-timestamp-micros'].map((name) => logical('long', name, long)),
  logical('string', 'of-a-kind-that-nobody-knows', fc.string()),
  logical('int', 'uuid', fc.integer()),
);

const { any } = fc.letrec<{ any: Making }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    arrayOf(tie('any')),
    mapOf(tie('any')),
    recordOf(tie('any')),
    unionOf(tie('any')),
    chain(tie('any')),
  ),
}));

function arrayOf(item: fc.Arbitrary<Making>): fc.Arbitrary<Making> {
  return fc.tuple(item, fc.nat(5)).map(([make, length]) => (fresh) => {
    const { schema, value } = make(fresh);
    return { schema: { type: 'array', items: schema, order: 'ignore' }, value: Array(length).fill(value) };
  });
}

function mapOf(item: fc.Arbitrary<Making>): fc.Arbitrary<Making> {
  const keys = fc.uniqueArray(
    fc.string({ unit: 'grapheme', maxLength: 10 }).filter((key) => key !== '__proto__'),
    { maxLength: 4 },
  );
  return fc.tuple(item, keys).map(([make, names]) => (fresh) => {
    const { schema, value } = make(fresh);
    return { schema: { type: 'map', values: schema }, value: Object.fromEntries(names.map((name) => [name, value])) };
  });
}

function recordOf(item: fc.Arbitrary<Making>): fc.Arbitrary<Making> {
  const namespace = fc.constantFrom('elsewhere', 'else.where');
  return fc.tuple(fc.array(item, { maxLength: 3 }), namespace).map(([makes, where]) => (fresh) => {
    const fields = makes.map((make) => ({ name: fresh(), ...make(fresh) }));
    const schema = {
      type: 'record',
      name: fresh(),
      namespace: where,
      aliases: [fresh()],
      fields: fields.map(({ name, schema: type }) => ({
        name,
        type,
        doc: 'Told.',
        order: 'descending',
        aliases: [fresh()],
      })),
    };
    return { schema, value: Object.fromEntries(fields.map(({ name, value }) => [name, value])) };
  });
}

/** A record that holds itself, by its name. */
function chain(item: fc.Arbitrary<Making>): fc.Arbitrary<Making> {
  return fc.tuple(item, fc.nat(20)).map(([make, links]) => (fresh) => {
    const name = fresh();
    const { schema: of, value } = make(fresh);
    const fields = [
      { name: 'of', type: of },
      { name: 'next', type: ['null', name], default: null },
    ];
    let last: unknown = null;
    for (let link = 0; link < links; link += 1) last = { [`added.${name}`]: { of: value, next: last } };
    return { schema: { type: 'record', name: `added.${name}`, fields }, value: { of: value, next: last } };
  });
}

function unionOf(item: fc.Arbitrary<Making>): fc.Arbitrary<Making> {
  return fc.tuple(fc.array(item, { minLength: 1, maxLength: 4 }), fc.nat()).map(([makes, at]) => (fresh) => {
    const branches = new Map(
      makes
        .map((make) => make(fresh))
        .filter(isNoUnion)
        .map((of) => [branchOf(of.schema), of]),
    );
    if (branches.size === 0) return { schema: 'null', value: null };
    const chosen = [...branches][at % branches.size] as [string, Typed];
    return { schema: [...branches.values()].map(({ schema }) => schema), value: wrapped(...chosen) };
  });
}

const isNoUnion = ({ schema }: Typed): boolean => !Array.isArray(schema);
const wrapped = (branch: string, { value }: Typed): unknown => (branch === 'null' ? null : { [branch]: value });

function branchOf(schema: Json): string {
  if (schema.name === undefined) return schema.type ?? schema;
  return schema.namespace === undefined ? schema.name : `${schema.namespace}.${schema.name}`;
}

/** A field that FULL_TRANSITIVE takes: what was written without it has a default. */
interface Optional extends Typed {
  readonly name: string;
  readonly default: unknown;
}

function optional({ schema, value }: Typed, name: string): Optional {
  if (Array.isArray(schema)) {
    const others = schema.filter((branch) => branch !== 'null');
    return { name, schema: ['null', ...others], value, default: null };
  }
  if (schema.type === 'array') return { name, schema, value, default: [] };
  if (schema.type === 'map') return { name, schema, value, default: {} };
  if (schema === 'null') return { name, schema, value, default: null };
  return { name, schema: ['null', schema], value: { [branchOf(schema)]: value }, default: null };
}

/** What an upgraded producer writes: its schema, a message of it, and what an older reader has to see in it. */
export interface Upgraded {
  readonly schema: AvroSchema;
  readonly body: Buffer;
  readonly data: EventData;
}

/** Producers that added optional fields of any type, anywhere in the event and in what it holds. */
export function upgradedProducer(event: AnyEventType): fc.Arbitrary<Upgraded> {
  const additions = fc.array(fc.tuple(any, fc.nat()), { minLength: 1, maxLength: 5 });
  return fc
    .tuple(arbitraryEvent(event, long), additions, additions, fc.boolean())
    .map(([{ data }, own, inner, within]) => {
      let names = 0;
      const fresh = (): string => `x${++names}`;
      const made = (all: typeof own) => all.map(([make, at]) => ({ ...optional(make(fresh), fresh()), at }));
      const [added, addedWithin] = [made(own), within ? made(inner) : []];
      const lists = (event.schema.fields as Json[]).map((field) =>
        field.type.type === 'array' && field.type.items.type === 'record'
          ? { ...field, type: { ...field.type, items: widened(field.type.items, addedWithin) } }
          : field,
      );
      const schema = widened({ ...event.schema, fields: lists }, added);
      const type = avsc.Type.forSchema(schema, { wrapUnions: true });
      const written = (event.schema.fields as Json[]).map((field) => {
        const value = (data as Json)[field.name];
        if (Array.isArray(value)) return [field.name, value.map((item) => ({ ...item, ...valuesOf(addedWithin) }))];
        const branch = Array.isArray(field.type) && value !== null && field.type.find((of: Json) => of !== 'null');
        return [field.name, branch ? { [branchOf(branch)]: value } : value];
      });
      return { schema, body: type.toBuffer({ ...Object.fromEntries(written), ...valuesOf(added) }), data };
    });
}

const valuesOf = (fields: readonly Optional[]) => Object.fromEntries(fields.map(({ name, value }) => [name, value]));

function widened(record: Json, added: readonly (Optional & { readonly at: number })[]): Json {
  const fields = [...record.fields];
  for (const { name, schema: type, default: standard, at } of added)
    fields.splice(at % (fields.length + 1), 0, { name, type, default: standard });
  return { ...record, fields };
}
