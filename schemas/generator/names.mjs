/** @import { SchemaFile } from './read.mjs' */

/** The primitive Avro types that events may use, and what they are in TypeScript. */
export const PRIMITIVES = new Map([
  ['string', 'string'],
  ['boolean', 'boolean'],
  ['int', 'number'],
  ['long', 'number'],
  ['double', 'number'],
]);

/**
 * `troupe.order.Item` for a record, an enum or a reference to one, as written inside a namespace.
 * @param {string} name
 * @param {string} namespace
 */
export const qualified = (name, namespace) => (name.includes('.') ? name : `${namespace}.${name}`);

/** @param {string} fullName */
export const shortName = (fullName) => fullName.slice(fullName.lastIndexOf('.') + 1);

/**
 * Every record and enum that is defined inside an event, with the file it stands in. Innermost first.
 * @param {readonly SchemaFile[]} files
 * @returns {{ file: string, fullName: string, definition: any }[]}
 */
export const nestedTypes = (files) =>
  files.flatMap(({ file, owner, schema }) =>
    fieldsOf(schema).flatMap((field) =>
      definitionsIn(field?.type, `troupe.${owner}`).map((found) => ({ file, ...found })),
    ),
  );

/**
 * @param {any} record
 * @returns {any[]}
 */
export const fieldsOf = (record) => (Array.isArray(record?.fields) ? record.fields : []);

/**
 * The TypeScript name of each nested type: its own name, led by its owner where owners share one (`OrderItem`,
 * `PaymentItem`).
 * @param {Iterable<string>} fullNames
 * @returns {Map<string, string>}
 */
export function typeNames(fullNames) {
  const distinct = [...new Set(fullNames)];
  const shared = (/** @type {string} */ name) => distinct.filter((other) => shortName(other) === name).length > 1;
  return new Map(
    distinct.map((fullName) => {
      const name = shortName(fullName);
      return [fullName, shared(name) ? `${ownerOf(fullName)}${name}` : name];
    }),
  );
}

/** @param {string} fullName */
function ownerOf(fullName) {
  const owner = fullName.split('.').at(-2) ?? '';
  return owner.charAt(0).toUpperCase() + owner.slice(1);
}

/**
 * @param {any} type
 * @param {string} namespace
 * @returns {{ fullName: string, definition: any }[]}
 */
function definitionsIn(type, namespace) {
  if (Array.isArray(type)) return type.flatMap((branch) => definitionsIn(branch, namespace));
  if (type?.type === 'array') return definitionsIn(type.items, namespace);
  if (type?.type !== 'record' && type?.type !== 'enum') return [];
  const inner = fieldsOf(type).flatMap((field) => definitionsIn(field?.type, namespace));
  return [...inner, { fullName: qualified(String(type.name), namespace), definition: type }];
}
