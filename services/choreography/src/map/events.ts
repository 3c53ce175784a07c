import type { AnyEventType } from '@troupe/schemas';
import type { MapEvent, MapField, MapRow } from './choreography.ts';
import { rowName } from './rows.ts';

/** An event with the rows that say it and the services that hear it. */
export function mapEvent(event: AnyEventType, rows: readonly MapRow[]): MapEvent {
  const { messageName: name, fullName, owner, topic, key, schema, terminal, undoneBy, ends } = event;
  const hearing = rows.filter(({ hears }) => hears.kind === 'event' && hears.name === name);
  return {
    name,
    fullName,
    owner,
    topic,
    key,
    doc: typeof schema.doc === 'string' ? schema.doc : '',
    fields: fieldsOf(schema.fields),
    emittedBy: distinct(rows.filter(({ emits }) => emits.includes(name)).map(rowName)),
    heardBy: distinct(hearing.map(({ service }) => service)),
    ...(terminal !== undefined && { terminal }),
    ...(undoneBy !== undefined && { undoneBy }),
    ...(ends !== undefined && { ends }),
  };
}

interface AvroField {
  readonly name: string;
  readonly type: unknown;
  readonly default?: unknown;
}

function fieldsOf(fields: unknown): MapField[] {
  const all = Array.isArray(fields) ? (fields as readonly AvroField[]) : [];
  return all.map((field) => ({
    name: field.name,
    type: JSON.stringify(withoutDocs(field.type)),
    optional: 'default' in field,
  }));
}

function withoutDocs(type: unknown): unknown {
  if (Array.isArray(type)) return type.map(withoutDocs);
  if (typeof type !== 'object' || type === null) return type;
  const kept = Object.entries(type).filter(([attribute]) => attribute !== 'doc');
  return Object.fromEntries(kept.map(([attribute, value]) => [attribute, withoutDocs(value)]));
}

export const distinct = <T>(all: readonly T[]): T[] => [...new Set(all)];
