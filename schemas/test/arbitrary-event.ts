import fc from 'fast-check';
import type { AnyEventType, DomainEvent } from '../src/event-type.ts';

// biome-ignore lint/suspicious/noExplicitAny: schemas are JSON
type Schema = any;

const anyLong = fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER });

/** Any event of this type that its schema allows, read off the schema itself. */
export function arbitraryEvent(type: AnyEventType, long = anyLong): fc.Arbitrary<DomainEvent> {
  return arbitrary(type.schema, long).map((data) => type(data));
}

function arbitrary(schema: Schema, long: fc.Arbitrary<number>): fc.Arbitrary<unknown> {
  if (Array.isArray(schema)) return fc.oneof(...schema.map((branch: Schema) => arbitrary(branch, long)));
  switch (schema.type ?? schema) {
    case 'null':
      return fc.constant(null);
    case 'string':
      return fc.string({ unit: 'binary', maxLength: 100 });
    case 'boolean':
      return fc.boolean();
    case 'int':
      return fc.integer();
    case 'long':
      return long;
    case 'float':
      return fc.float({ noNaN: true });
    case 'double':
      return fc.double({ noNaN: true });
    case 'bytes':
      return fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes));
    case 'enum':
      return fc.constantFrom(...schema.symbols);
    case 'array':
      return fc.array(arbitrary(schema.items, long));
    case 'record':
      return fc.record(
        Object.fromEntries(schema.fields.map((field: Schema) => [field.name, arbitrary(field.type, long)])),
        {
          noNullPrototype: true,
        },
      );
    default:
      throw new Error(`${JSON.stringify(schema)} is not covered by the property tests: add it here.`);
  }
}
