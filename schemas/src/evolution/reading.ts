import type { Resolver, Type } from 'avsc';
import { avroTree } from '../avro-tree.ts';
import { strictType } from '../strict-avro.ts';
import { resolverOf, type WrittenSchema, writtenSchema } from '../written-schema.ts';
import { type Difference, differences, isMeaningOnly } from './differences.ts';
import type { SchemaVersion } from './version.ts';

/** A service that reads an event with the schema of one of its versions. What it needs may be less than the whole event. */
export interface Reader extends SchemaVersion {
  readonly service: string;
}

/** Bytes of an event that exist, or will. */
export interface Writer {
  readonly event: string;
  /** In a sentence: `version 2`, `version 3 of the registry`. */
  readonly called: string;
  /** In the history, where it is there. */
  readonly version: number | undefined;
  /** Undefined where only a registry knows the schema. */
  readonly key: string | undefined;
  /** As it is registered. */
  readonly text: string;
}

export type BreakCode = Difference['code'] | 'KEY_CHANGED' | 'OTHER_EVENT' | 'SCHEMA_UNUSABLE' | 'UNREADABLE';

/** Why a reader cannot take what a writer writes. */
export interface Break extends Omit<Difference, 'code'> {
  readonly code: BreakCode;
}

/** How a reader decodes what a writer writes. */
export interface Way {
  readonly type: Type;
  readonly resolver: Resolver | undefined;
}

export const writerOf = ({ event, version, key, schema }: SchemaVersion): Writer => ({
  event,
  called: `version ${version}`,
  version,
  key,
  text: JSON.stringify(schema),
});

/** By the code that the codec reads with. Breaks, when there is no way. */
export function wayOf(text: string, reader: Reader): Way | readonly Break[] {
  const written = parsed(text);
  if (typeof written === 'string') return [{ code: 'SCHEMA_UNUSABLE', field: '', written, read: '' }];
  if (written.name !== reader.event)
    return [{ code: 'OTHER_EVENT', field: '', written: written.name ?? 'no record', read: reader.event }];
  const type = typeOf(reader);
  try {
    return { type, resolver: resolverOf(type, written.typeFor(reader.schema)) };
  } catch (error) {
    const found = explained(text, reader).filter((one) => !isMeaningOnly(one));
    if (found.length > 0) return found;
    return [{ code: 'UNREADABLE', field: '', written: (error as Error).message, read: '' }];
  }
}

/** All that speaks against this pair: what cannot be read, and what would be read as something else. */
export function breaksOf(writer: Writer, reader: Reader): readonly Break[] {
  const way = wayOf(writer.text, reader);
  if (!('type' in way)) return way;
  const key = writer.key !== undefined && writer.key !== reader.key;
  return [
    ...(key ? [{ code: 'KEY_CHANGED' as const, field: reader.key, written: writer.key, read: reader.key }] : []),
    ...explained(writer.text, reader).filter(isMeaningOnly),
  ];
}

function explained(text: string, reader: Reader): readonly Difference[] {
  return differences(avroTree(JSON.parse(text)), avroTree(reader.schema));
}

function parsed(text: string): WrittenSchema | string {
  try {
    return writtenSchema(text);
  } catch (error) {
    return (error as Error).message;
  }
}

const types = new WeakMap<object, Type>();
function typeOf({ schema }: Reader): Type {
  const known = types.get(schema);
  if (known !== undefined) return known;
  const type = strictType(schema);
  types.set(schema, type);
  return type;
}
