import avsc from 'avsc';
import { fieldsOf, nestedTypes, PRIMITIVES, qualified, typeNames } from './names.mjs';

/** @import { SchemaFile } from './read.mjs' */

const EVENT_NAME = /^[A-Z][A-Za-z0-9]*$/;
const FIELD_NAME = /^[a-z][A-Za-z0-9]*$/;
const SYMBOL = /^[A-Z][A-Z0-9_]*$/;
const SUPPORTED = `${[...PRIMITIVES.keys()].join(', ')}, enum, record, array, or ["null", one of these]`;

/**
 * Says what is wrong with the schemas: where, and what to do. Empty when events can be generated from them.
 * @param {readonly SchemaFile[]} files
 * @returns {string[]}
 */
export function checkSchemas(files) {
  const faults = files.flatMap(checkFile);
  return faults.length > 0 ? faults : [...clashesOfEvents(files), ...clashesOfTypes(files), ...wrongUndoings(files)];
}

/** @param {SchemaFile} schemaFile */
function checkFile({ file, owner, name, schema }) {
  const namespace = `troupe.${owner}`;
  /** @type {string[]} */
  const faults = [];
  /** @param {string} where @param {string} fault */
  const report = (where, fault) => faults.push(`${file}: ${where}${where === '' ? '' : ': '}${fault}`);
  if (!EVENT_NAME.test(name))
    report('', 'the file name is no event name. Name it in the past tense: OrderCreated.avsc.');
  if (schema?.type !== 'record') {
    report('', 'is not a record. Write {"type": "record", …}.');
    return faults;
  }
  if (schema.name !== name) report('', `the record is named "${schema.name}". Name it "${name}", as the file.`);
  if (schema.namespace !== namespace) report('', `"namespace" is "${schema.namespace}". Set it to "${namespace}".`);
  checkRecord(schema, { namespace, known: new Set(), at: '', report });
  checkKey(schema, report);
  checkPlace(schema, report);
  if (faults.length === 0) checkByAvro(schema, report);
  return faults;
}

/**
 * Where a check stands: `known` holds the types that are defined so far in this file, `at` the path to the field.
 * @typedef {{ namespace: string, known: Set<string>, at: string, report: (where: string, fault: string) => void }} Place
 */

/** @param {any} record @param {Place} place */
function checkRecord(record, place) {
  checkDoc(record, place, 'what the record means, and when it is emitted');
  if (fieldsOf(record).length === 0) place.report(place.at, 'has no fields. List them in "fields".');
  for (const field of fieldsOf(record)) {
    const at = place.at === '' ? `field "${field.name}"` : `${place.at.slice(0, -1)}.${field.name}"`;
    const inField = { ...place, at };
    if (!FIELD_NAME.test(field.name)) place.report(at, 'is no field name. Use camelCase: "unitPrice".');
    checkDoc(field, inField, 'what it means, and its unit');
    checkType(field.type, inField);
    if (Array.isArray(field.type) && field.default !== null) {
      place.report(at, 'may be null but has no "default": null. Add it, so that older and newer versions can be read.');
    }
  }
}

/** @param {any} type @param {Place} place */
function checkType(type, place) {
  if (typeof type === 'string') return checkReference(type, place);
  if (Array.isArray(type)) return checkUnion(type, place);
  switch (type?.type) {
    case 'record':
      checkDefinition(type, place);
      return checkRecord(type, place);
    case 'enum':
      checkDefinition(type, place);
      return checkEnum(type, place);
    case 'array':
      return checkType(type.items, place);
    default:
      return checkPrimitive(type, place);
  }
}

/** @param {string} name @param {Place} place */
function checkReference(name, { namespace, known, at, report }) {
  if (PRIMITIVES.has(name) || known.has(qualified(name, namespace))) return;
  report(at, `the type "${name}" is not supported. Use ${SUPPORTED}, or a type defined before it in this file.`);
}

/** @param {any[]} branches @param {Place} place */
function checkUnion(branches, place) {
  const [first, second, ...more] = branches;
  if (first === 'null' && second !== undefined && !Array.isArray(second) && more.length === 0) {
    return checkType(second, place);
  }
  place.report(place.at, 'this union is not supported. The only one is ["null", <type>], with "default": null.');
}

/** @param {any} type @param {Place} place */
function checkPrimitive(type, { at, report }) {
  if (!PRIMITIVES.has(type?.type)) {
    report(at, `the type ${JSON.stringify(type)} is not supported. Use ${SUPPORTED}.`);
  } else if (type.logicalType !== undefined && !(type.type === 'long' && type.logicalType === 'timestamp-millis')) {
    report(at, `the logical type "${type.logicalType}" is not supported. Use long with timestamp-millis, or none.`);
  }
}

/** @param {any} type @param {Place} place */
function checkDefinition(type, { namespace, known, at, report }) {
  if (!EVENT_NAME.test(type.name)) report(at, `the ${type.type} is named "${type.name}". Use PascalCase: "Item".`);
  if (type.namespace !== undefined && type.namespace !== namespace) {
    report(at, `"${type.name}" has the namespace "${type.namespace}". Set it to "${namespace}", or leave it out.`);
  }
  known.add(qualified(String(type.name), namespace));
}

/** @param {any} type @param {Place} place */
function checkEnum(type, place) {
  checkDoc(type, place, 'what it tells apart');
  const symbols = Array.isArray(type.symbols) ? type.symbols : [];
  const wrong = symbols.find((/** @type {any} */ symbol) => !SYMBOL.test(symbol));
  if (wrong !== undefined) place.report(place.at, `"${wrong}" is no symbol. Use capitals: "OUT_OF_STOCK".`);
  if (!symbols.includes(type.default)) {
    const remedy = 'Add one, such as "UNKNOWN": readers fall back on it when a newer writer adds a symbol.';
    place.report(place.at, `the enum "${type.name}" has no "default" among its symbols. ${remedy}`);
  }
}

/** @param {any} documented @param {Place} place @param {string} content */
function checkDoc(documented, { at, report }, content) {
  if (typeof documented.doc === 'string' && documented.doc.trim() !== '') return;
  const what =
    documented.type === 'record' || documented.type === 'enum' ? `the ${documented.type} "${documented.name}"` : 'it';
  report(at, `${what} has no "doc". Say ${content}.`);
}

/** @param {any} schema @param {Place['report']} report */
function checkKey({ key, fields }, report) {
  const strings = fieldsOf({ fields }).filter(({ type }) => type === 'string');
  if (strings.some(({ name }) => name === key)) return;
  const meaning = 'the record key, which names the saga that the event belongs to';
  if (typeof key !== 'string') {
    const example = strings[0]?.name ?? 'orderId';
    report(
      '',
      `the record has no "key". Add "key": "${example}", or another field of type "string": it is ${meaning}.`,
    );
  } else {
    report(
      `field "${key}"`,
      `is the "key", but is not there as a "string". Add it, or name another: it is ${meaning}.`,
    );
  }
}

/** Where the event stands in the choreography. @param {any} schema @param {Place['report']} report */
function checkPlace({ terminal, undoneBy, ends }, report) {
  if (terminal !== undefined && (typeof terminal !== 'string' || terminal.trim() === '')) {
    report('', 'the record has a "terminal" without a reason. Say why no service has to hear it, or leave it out.');
  }
  if (undoneBy !== undefined && typeof undoneBy !== 'string') {
    report('', '"undoneBy" is no name. Name the event which says that this effect is undone, or leave it out.');
  }
  if (ends !== undefined && ends !== 'success' && ends !== 'failure') {
    report(
      '',
      `"ends" is ${JSON.stringify(ends)}. Say "success" or "failure" if the saga ends with it, or leave it out.`,
    );
  }
}

/** What is left, such as a default of the wrong type or a name used twice. @param {any} schema @param {Place['report']} report */
function checkByAvro(schema, report) {
  try {
    avsc.Type.forSchema(schema);
  } catch (error) {
    report('', `is not valid Avro: ${/** @type {Error} */ (error).message}. Correct it.`);
  }
}

/** @param {readonly SchemaFile[]} files */
function clashesOfEvents(files) {
  const first = new Map(files.toReversed().map(({ file, name }) => [name, file]));
  return files
    .filter(({ file, name }) => first.get(name) !== file)
    .map(({ file, name }) => `${file}: the event "${name}" exists in ${first.get(name)}. Give it another name.`);
}

/** An effect is undone by who had it. @param {readonly SchemaFile[]} files */
function wrongUndoings(files) {
  return files.flatMap(({ file, owner, name, schema: { undoneBy } }) => {
    if (undoneBy === undefined) return [];
    const undoing = files.find((other) => other.name === undoneBy);
    if (undoing?.owner === owner && undoneBy !== name) return [];
    const wrong = undoing === undefined ? 'there is no such event' : `it is of ${undoing.owner}`;
    const fault = undoneBy === name ? 'it is the event itself' : wrong;
    return [
      `${file}: "undoneBy" names "${undoneBy}", and ${fault}. Name an event of ${owner} which says that it is undone.`,
    ];
  });
}

/** One name, one shape: nested types become TypeScript types that the events of an owner share. @param {readonly SchemaFile[]} files */
function clashesOfTypes(files) {
  const nested = nestedTypes(files);
  const events = new Set(files.flatMap(({ name }) => [name, `${name}Data`]));
  const names = typeNames(nested.map(({ fullName }) => fullName));
  const first = new Map(nested.toReversed().map((found) => [found.fullName, found]));
  return nested.flatMap(({ file, fullName, definition }) => {
    const other = first.get(fullName);
    if (other !== undefined && JSON.stringify(other.definition) !== JSON.stringify(definition)) {
      return [`${file}: "${fullName}" is defined differently in ${other.file}. Make them equal, or rename one.`];
    }
    return events.has(names.get(fullName) ?? '') ? [`${file}: "${fullName}" has the name of an event. Rename it.`] : [];
  });
}
