import { durationOf } from '../../checks/finding.ts';
import type { Choreography, MapEvent, MapTask } from '../../map/choreography.ts';
import { actionsOf } from '../../walk/graph.ts';
import { code, table } from './prose.ts';

/** Every event: who says it, who hears it, and what becomes of it. */
export function eventTable({ events }: Choreography): string {
  const rows = events.map(({ name, owner, heardBy, key, ...event }) => {
    return [code(name), owner, heardBy.join(', ') || 'nobody', code(key), standing(event)];
  });
  return table(['event', 'said by', 'heard by', 'key', 'then'], rows);
}

function standing({ ends, terminal, undoneBy }: Pick<MapEvent, 'ends' | 'terminal' | 'undoneBy'>): string {
  const said = [
    ...(ends === undefined ? [] : [`ends the order: ${ends}`]),
    ...(undoneBy === undefined ? [] : [`undone by ${code(undoneBy)}`]),
    ...(terminal === undefined ? [] : [`terminal: ${terminal}`]),
  ];
  return said.join('; ');
}

/** By when something is expected: of each row that says so, of each timer and of each step of an orchestrated saga. */
export function deadlineTable(map: Choreography): string {
  const rows = map.services.flatMap((service) => service.rows).filter(({ style }) => style !== 'orchestrated');
  const expected = rows.flatMap((row) =>
    row.withinMs === undefined ? [] : [line(row.service, code(row.hears.name), row.withinMs, effectsOf(map, row))],
  );
  const alarms = map.timers.flatMap((timer) =>
    timer.afterMs === undefined
      ? []
      : [line(timer.service, `timer ${code(timer.name)}`, timer.afterMs, effectsOf(map, timer))],
  );
  const steps = map.sagas.flatMap((saga) =>
    actionsOf(saga).flatMap(({ name, withinMs, asks }) =>
      withinMs === undefined
        ? []
        : [line(saga.service, `step "${name}"`, withinMs, [`the answer to ${code(asks?.call ?? name)}`])],
    ),
  );
  return table(['service', 'after', 'within', 'one of'], [...expected, ...alarms, ...steps]);
}

const line = (service: string, after: string, ms: number, effects: readonly string[]): readonly string[] => [
  service,
  after,
  durationOf(ms),
  effects.join(', '),
];

/** What a row or a timer says, and what the calls that it starts say for it. */
function effectsOf(
  { calls }: Choreography,
  { service, emits, starts }: Pick<MapTask, 'service' | 'emits' | 'starts'>,
): readonly string[] {
  const started = calls.filter((call) => call.service === service && starts.includes(call.name));
  const own = new Set([...emits, ...started.flatMap((call) => call.emits)]);
  return [...own].map(code);
}
