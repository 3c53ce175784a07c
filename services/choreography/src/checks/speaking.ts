import type { Choreography, MapRow } from '../map/choreography.ts';
import { distinct } from '../map/events.ts';
import { rowName } from '../map/rows.ts';
import { type Check, type Finding, listed } from './finding.ts';

/** An event that somebody says has somebody who hears it, or says why nobody has to. */
export const unheardEvents: Check = (map) =>
  map.events.flatMap(({ name, owner, emittedBy, heardBy, terminal }): Finding[] => {
    const file = schemaFile(owner, name);
    if (heardBy.length > 0 && terminal !== undefined) {
      const text = `${file} says that nobody has to hear ${name}, but ${listed(heardBy)} ${heardBy.length > 1 ? 'do' : 'does'}. Remove "terminal" from the schema.`;
      return [{ code: 'EVENT_UNHEARD', place: name, text }];
    }
    if (emittedBy.length === 0 || heardBy.length > 0 || terminal !== undefined) return [];
    const text = `${owner} emits ${name} (${listed(emittedBy)}), but no service hears it, so nothing ever happens because of it. Add a row on(${name}, …) to the table of the service that should act, or say in ${file} why nobody has to: "terminal": "…".`;
    return [{ code: 'EVENT_UNHEARD', place: name, text }];
  });

/** An event that somebody waits for, or that has a schema, has somebody who says it. */
export const unemittedEvents: Check = (map) =>
  map.events.flatMap(({ name, owner, emittedBy, heardBy }): Finding[] => {
    if (emittedBy.length > 0) return [];
    const waits = heardBy.length === 0 ? 'Nobody waits for it either' : `${listed(heardBy)} would wait for ever`;
    const text = `No row emits ${name}, though it has a schema. ${waits}. List it in "emits" of the row of ${owner} that says it, or remove ${schemaFile(owner, name)}${heardBy.length === 0 ? '' : ` and the rows on(${name}, …)`}.`;
    return [{ code: 'EVENT_UNEMITTED', place: name, text }];
  });

/** One event, one service that says it: otherwise nobody knows whose word it is, and its order is lost. */
export const twoEmitters: Check = (map) =>
  map.events.flatMap(({ name, owner }): Finding[] => {
    const services = distinct(rowsEmitting(map, name).map(({ service }) => service));
    if (services.length < 2) return [];
    const text = `${listed(services)} both emit ${name}, so a reader cannot know whose word it is. Let ${owner} alone emit it, and give the others an event of their own.`;
    return [{ code: 'EVENT_TWO_EMITTERS', place: name, text }];
  });

/** A service writes on its own topic only: the order of a topic's events is that of one outbox. */
export const foreignTopics: Check = (map) =>
  map.events.flatMap(({ name, owner, topic }) =>
    rowsEmitting(map, name)
      .filter(({ service }) => service !== owner)
      .map((row): Finding => {
        const text = `The row "${rowName(row)}" emits ${name}, which is an event of ${owner} on ${topic}: ${row.service} must not write on the topic of another service. Declare an event in schemas/avro/${row.service}/ and emit that, or move the rule to ${owner}.`;
        return { code: 'FOREIGN_TOPIC', place: `${rowName(row)} → ${name}`, text };
      }),
  );

const rowsEmitting = (map: Choreography, event: string): MapRow[] =>
  map.services.flatMap(({ rows }) => rows).filter(({ emits }) => emits.includes(event));

export const schemaFile = (owner: string, event: string): string => `schemas/avro/${owner}/${event}.avsc`;
