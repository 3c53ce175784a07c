import { fieldsOf, nestedTypes, PRIMITIVES, qualified, typeNames } from './names.mjs';

/** @import { SchemaFile } from './read.mjs' */

/** @param {readonly SchemaFile[]} files */
const head = (files) => `// Written by \`npm run generate\` from avro/; change the schemas instead.
import { type AnyEventType, type EventType, eventType${files.some(hasDefaults) ? ', type Given' : ''} } from '../event-type.ts';
`;

/**
 * The TypeScript of all events: their types, their constructors with the schema in them, and two ways to list them.
 * Expects schemas that `checkSchemas` has no fault with.
 * @param {readonly SchemaFile[]} files
 * @returns {string}
 */
export function renderEvents(files) {
  const definitions = new Map(nestedTypes(files).map(({ fullName, definition }) => [fullName, definition]));
  const names = typeNames(definitions.keys());
  const nested = [...definitions].map(([fullName, definition]) => renderNested(fullName, definition, names));
  return [head(files), ...nested, ...files.map((file) => renderEvent(file, names)), renderLists(files)].join('\n');
}

/** @param {SchemaFile} file @param {ReadonlyMap<string, string>} names */
function renderEvent({ name, owner, schema }, names) {
  const doc = comment(schema.doc, '');
  const optional = defaulted(schema).map((field) => `'${field}'`);
  const given = optional.length === 0 ? '' : `, Given<${name}Data, ${optional.join(' | ')}>`;
  const type = `EventType<'${name}', ${name}Data${given}>`;
  return `${doc}${renderInterface(`${name}Data`, schema, { namespace: `troupe.${owner}`, names })}
${doc}export const ${name}: ${type} = eventType('${name}', '${owner}', ${JSON.stringify(schema, null, 2)});
`;
}

/** The fields that a constructor fills in when they are left out. @param {any} record @returns {string[]} */
const defaulted = (record) =>
  fieldsOf(record)
    .filter((field) => 'default' in field)
    .map(({ name }) => name);

/** @param {SchemaFile} file */
const hasDefaults = ({ schema }) => defaulted(schema).length > 0;

/** @param {string} fullName @param {any} definition @param {ReadonlyMap<string, string>} names */
function renderNested(fullName, definition, names) {
  const name = names.get(fullName) ?? fullName;
  const namespace = fullName.slice(0, fullName.lastIndexOf('.'));
  const doc = comment(definition.doc, '');
  if (definition.type === 'record') return doc + renderInterface(name, definition, { namespace, names });
  const symbols = definition.symbols.map((/** @type {string} */ symbol) => `'${symbol}'`);
  return `${doc}export type ${name} = ${symbols.join(' | ')};\n`;
}

/**
 * @param {string} name
 * @param {any} record
 * @param {{ namespace: string, names: ReadonlyMap<string, string> }} scope
 */
function renderInterface(name, record, scope) {
  const fields = fieldsOf(record).map(
    (field) => `${comment(field.doc, '  ')}  readonly ${field.name}: ${typeScript(field.type, scope)};\n`,
  );
  return `export interface ${name} {\n${fields.join('')}}\n`;
}

/**
 * @param {any} type
 * @param {{ namespace: string, names: ReadonlyMap<string, string> }} scope
 * @returns {string}
 */
function typeScript(type, scope) {
  if (typeof type === 'string') {
    return PRIMITIVES.get(type) ?? scope.names.get(qualified(type, scope.namespace)) ?? type;
  }
  if (Array.isArray(type)) return `${typeScript(type[1], scope)} | null`;
  if (type.type === 'array') return `readonly ${elements(typeScript(type.items, scope))}[]`;
  return typeScript(PRIMITIVES.has(type.type) ? type.type : type.name, scope);
}

/** @param {string} type */
const elements = (type) => (type.includes(' ') ? `(${type})` : type);

/** @param {readonly SchemaFile[]} files */
function renderLists(files) {
  return `/** Every event of the system, by owner and name. */
export const events: readonly AnyEventType[] = [
${files.map(({ name }) => `  ${name},\n`).join('')}];

/** The event type of an Avro full name, which is also the \`ce_type\` header: \`troupe.order.OrderCreated\`. */
export const eventsByFullName: ReadonlyMap<string, AnyEventType> = new Map(
  events.map((event) => [event.fullName, event]),
);
`;
}

/** @param {string} doc @param {string} indent */
const comment = (doc, indent) => `${indent}/** ${doc.replaceAll('*/', '*\u2215').replaceAll(/\s+/g, ' ').trim()} */\n`;
