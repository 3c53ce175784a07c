import fc from 'fast-check';
import type { AnyEventType, DomainEvent } from '../src/event-type.ts';

// biome-ignore lint/suspicious/noExplicitAny: schemas are JSON
type Schema = any;

/** The largest whole number that avsc takes for sure; one below JavaScript's. */
export const MAX_LONG = Number.MAX_SAFE_INTEGER - 1;

/** Any event of this type that its schema allows, read off the schema itself. */
export function arbitraryEvent(type: AnyEventType): fc.Arbitrary<DomainEvent> {
  return arbitrary(type.schema).map((data) => type(data));
}

function arbitrary(schema: Schema): fc.Arbitrary<unknown> {
  if (Array.isArray(schema)) return fc.oneof(...schema.map(arbitrary));
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
      return fc.integer({ min: -MAX_LONG, max: MAX_LONG });
    case 'enum':
      return fc.constantFrom(...schema.symbols);
    case 'array':
      return fc.array(arbitrary(schema.items));
    case 'record':
      return fc.record(Object.fromEntries(schema.fields.map((field: Schema) => [field.name, arbitrary(field.type)])), {
        noNullPrototype: true,
      });
    default:
      throw new Error(`${JSON.stringify(schema)} is not covered by the property tests: add it here.`);
  }
}
