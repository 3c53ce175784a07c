import { avroTree } from '../avro-tree.ts';
import type { UndecodableCode } from '../errors.ts';
import { type Position, type Skip, skipOf } from '../skipping.ts';
import { HEADER_BYTES } from '../wire-format.ts';
import { writtenSchema } from '../written-schema.ts';
import { type Reader, type Way, wayOf } from './reading.ts';

/** Why a record is for nobody. */
export interface Foreign {
  readonly code: UndecodableCode | 'NO_VALUE' | 'BATCH_UNREADABLE';
  readonly reason: string;
}

/** Why a reader cannot read a value. */
export interface ReadFault {
  readonly field: string;
  readonly reason: string;
}

/** How values of one schema id are read. */
export interface Readings {
  /** Its full name. */
  readonly event: string;
  /** Where the bytes are not what their own schema says; undefined when they are. */
  whyBroken(value: Buffer): string | undefined;
  /** Of one service, or of all. */
  of(service: string | undefined): readonly Reading[];
}

export interface Reading {
  readonly reader: Reader;
  faultOf(value: Buffer): ReadFault | undefined;
}

export function howToRead(id: number, text: string | undefined, readers: readonly Reader[]): Readings | Foreign {
  if (text === undefined) return { code: 'SCHEMA_UNKNOWN', reason: `The schema registry has no schema ${id}.` };
  const written = writtenBy(text);
  if ('failed' in written) {
    return { code: 'SCHEMA_UNUSABLE', reason: `Schema ${id} cannot be used: ${written.failed}.` };
  }
  const { name = 'no record', skip } = written;
  const concerned = readers.filter(({ event }) => event === name).map((reader) => readingOf(text, reader));
  if (concerned.length === 0)
    return { code: 'EVENT_UNKNOWN', reason: `Schema ${id} is of ${name}, which nobody reads.` };
  return {
    event: name,
    whyBroken: (value) => whyBroken(value, skip),
    of: (service) => concerned.filter(({ reader }) => service === undefined || reader.service === service),
  };
}

function writtenBy(
  text: string,
): { readonly name: string | undefined; readonly skip: Skip } | { readonly failed: string } {
  try {
    return { name: writtenSchema(text).name, skip: skipOf(avroTree(JSON.parse(text))) };
  } catch (error) {
    return { failed: (error as Error).message };
  }
}

function whyBroken(buf: Buffer, skip: Skip): string | undefined {
  const at: Position = { buf, pos: HEADER_BYTES };
  try {
    skip(at);
    return at.pos === buf.length ? undefined : `${buf.length - at.pos} bytes follow its end.`;
  } catch (error) {
    return `Its bytes are not what its schema says: ${(error as Error).message}.`;
  }
}

function readingOf(text: string, reader: Reader): Reading {
  const way = wayOf(text, reader);
  if (!('type' in way)) {
    const field = [...new Set(way.map((one) => one.field))].filter((name) => name !== '').join(', ');
    const reason = way.map(({ code, written, read }) => `${code} (written: ${written || '-'}, read: ${read || '-'})`);
    return { reader, faultOf: () => ({ field, reason: reason.join(', ') }) };
  }
  return {
    reader,
    faultOf(value) {
      const reason = whyNot(() => way.type.decode(value, HEADER_BYTES, way.resolver));
      return reason === undefined ? undefined : { field: fieldsAtFault(text, reader, value).join(', '), reason };
    },
  };
}

/** The fields that fail when each is read alone; without those that can only be read behind another. */
function fieldsAtFault(text: string, reader: Reader, value: Buffer): string[] {
  const fields = reader.schema.fields as readonly { readonly name: string }[];
  return fields
    .filter((field) => {
      const way = wayOfField(text, { ...reader, schema: { ...reader.schema, fields: [field] } });
      return way !== undefined && whyNot(() => way.type.decode(value, HEADER_BYTES, way.resolver)) !== undefined;
    })
    .map(({ name }) => name);
}

/** Undefined where its type is one that an earlier field defines. */
function wayOfField(text: string, reader: Reader): Way | undefined {
  try {
    const way = wayOf(text, reader);
    return 'type' in way ? way : undefined;
  } catch {
    return undefined;
  }
}

function whyNot(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
