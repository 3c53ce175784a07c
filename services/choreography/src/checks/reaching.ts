import type { MapStyle } from '../map/choreography.ts';
import { rowName } from '../map/rows.ts';
import { messagesOf } from '../walk/find.ts';
import { actionsOf, graphOf, idOf } from '../walk/graph.ts';
import { reachedFrom } from '../walk/reach.ts';
import type { Check, Finding } from './finding.ts';

const STYLES: readonly MapStyle[] = ['choreographed', 'orchestrated'];

/** Every row is heard at some time: what it hears follows from a command, which somebody outside gives. */
export const unreachableRows: Check = (map) => {
  const reached = new Map(
    STYLES.map((style) => {
      const graph = graphOf(map, style);
      const commands = graph.rows.filter(({ hears }) => hears.kind === 'command').map(graph.heard);
      return [style, { graph, ids: reachedFrom(graph, commands) }];
    }),
  );
  const rows = map.services.flatMap((service) => service.rows);
  const lost = rows.filter((row) =>
    STYLES.filter((style) => row.style === undefined || row.style === style).every((style) => {
      const found = reached.get(style);
      return found !== undefined && !found.ids.has(idOf(found.graph.heard(row)));
    }),
  );
  return lost.map((row): Finding => {
    const { kind, name } = row.hears;
    const who = kind === 'event' ? `emits ${name}` : `starts ${name}`;
    const inStyle = row.style === undefined ? '' : ` in a ${row.style} saga`;
    const text = `The row "${rowName(row)}" can never act${inStyle}: no row that can be reached from a command ${who}. List ${name} in "${kind === 'event' ? 'emits' : 'starts'}" of the row that causes it, or remove this row.`;
    return {
      code: 'ROW_UNREACHABLE',
      place: `${rowName(row)}${row.style === undefined ? '' : ` (${row.style})`}`,
      text,
    };
  });
};

/** An orchestrator asks for what its participants know. */
export const unknownAsks: Check = (map) =>
  map.sagas.flatMap((saga) =>
    actionsOf(saga).flatMap(({ name, asks }): Finding[] => {
      if (asks?.service === undefined) return [];
      const { service, command } = asks;
      const there = map.commands.filter((known) => known.service === service).map((known) => known.name);
      if (command !== undefined && there.includes(command)) return [];
      const hint = there.length === 0 ? '' : `; ${service} hears ${there.join(', ')}`;
      const text = `The step "${name}" of the saga ${saga.name} asks ${service} for ${command}, which ${service} does not hear. Correct "asks" of the step${hint}.`;
      return [{ code: 'ASK_UNKNOWN', place: `${saga.name} ${saga.version}: ${name}`, text }];
    }),
  );

/** A saga that begins can end, both well and badly, in the style in which it begins. */
export const sagasWithoutEnd: Check = (map) =>
  STYLES.flatMap((style) => {
    const graph = graphOf(map, style);
    return graph.rows.flatMap((row): Finding[] => {
      if (row.begins === undefined) return [];
      const commands = messagesOf(map).filter(({ kind }) => kind === 'command');
      const reached = reachedFrom(graph, [graph.heard(row), ...commands]);
      const missing = (['success', 'failure'] as const).filter(
        (end) =>
          !map.events.some(
            ({ name, owner, ends }) => ends === end && reached.has(idOf({ kind: 'event', name, service: owner })),
          ),
      );
      return missing.map((end): Finding => {
        const text = `A saga that begins with ${row.begins} (${rowName(row)}) never ends as a ${end}: no event that follows is declared so. Add "ends": "${end}" to the schema of the event that ends it, or the row that emits that event.`;
        return { code: 'SAGA_WITHOUT_END', place: `${rowName(row)}: ${end}`, text };
      });
    });
  });
