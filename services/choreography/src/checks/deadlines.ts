import type { Choreography, MapRow, MapSaga, MapStyle } from '../map/choreography.ts';
import { rowName } from '../map/rows.ts';
import { actionsOf, type Graph, graphOf, idOf, type Message } from '../walk/graph.ts';
import { eventsCausedBy } from '../walk/reach.ts';
import { type Check, durationOf, type Finding, listed } from './finding.ts';

const STYLES: readonly MapStyle[] = ['choreographed', 'orchestrated'];

/**
 * Who is waited for says by when it answers: otherwise nobody can tell slow from lost. What a row says in its own transaction
 * because of a command or a timer is there at once, and what an orchestrator asks has the limits of its step.
 */
export const answersWithoutDeadline: Check = (map) => {
  const asks = new Set(map.sagas.flatMap(callsOf));
  const findings = STYLES.flatMap((style) => {
    const graph = graphOf(map, style);
    return graph.rows.flatMap((row): Finding[] => {
      if (row.withinMs !== undefined || row.hears.kind === 'call') return [];
      const isCall = (message: Message): boolean => message.kind === 'call' && !asks.has(idOf(message));
      const later = row.hears.kind === 'event' ? row : { ...row, emits: [] };
      const awaited = eventsCausedBy(graph, later, isCall).flatMap((event) => waitingFor(graph, event, row));
      if (awaited.length === 0) return [];
      const text = `The row "${rowName(row)}" does not say by when it answers, but ${listed(awaited)}. Add "within" to the row, such as within: seconds(30), so that an answer that is late can be told from one that is lost.`;
      return [{ code: 'ANSWER_WITHOUT_DEADLINE', place: rowName(row), text }];
    });
  });
  return [...new Map(findings.map((finding) => [finding.place, finding])).values()];
};

const callsOf = (saga: MapSaga): string[] =>
  actionsOf(saga).flatMap(({ asks }) => {
    return asks === undefined ? [] : [idOf({ kind: 'call', name: asks.call, service: saga.service })];
  });

function waitingFor(graph: Graph, event: Message, row: MapRow): string[] {
  const services = new Set(graph.hearing(event).map(({ service }) => service));
  services.delete(row.service);
  return services.size === 0
    ? []
    : [`${listed([...services])} ${services.size > 1 ? 'wait' : 'waits'} for ${event.name}`];
}

/** A deadline leaves time for all that has to happen before it. */
export const deadlinesTooShort: Check = (map) => [
  ...STYLES.flatMap((style) => timersTooShort(map, style)),
  ...stepsTooShort(map),
];

/** A timer that a row sets is not shorter than the longest way from there to the success of the saga. */
function timersTooShort(map: Choreography, style: MapStyle): Finding[] {
  const graph = graphOf(map, style);
  const ends = map.events.filter(({ ends }) => ends === 'success').map(({ name }) => name);
  const ending = map.timers.filter(({ afterMs }) => afterMs !== undefined);
  return ending.flatMap(({ name, service, afterMs = 0 }) => {
    const timer: Message = { kind: 'timer', name, service };
    if (!mayFail(map, graph, timer)) return [];
    return graph.saying(timer).flatMap((row): Finding[] => {
      const way = longestWay(graph, row, ends);
      const sum = totalOf(way);
      if (sum <= afterMs) return [];
      const steps = way.filter(({ withinMs }) => withinMs !== undefined);
      const parts = steps.map((step) => `${rowName(step)} ${durationOf(step.withinMs ?? 0)}`);
      const text = `The row "${rowName(row)}" sets ${name} to ${durationOf(afterMs)}, but the way from there to ${listed(ends)} may take ${durationOf(sum)}: ${parts.join(', ')}. So a saga would fail though each service was in time. Lower "within" of these rows, or raise the deadline.`;
      return [{ code: 'DEADLINE_TOO_SHORT', place: `${rowName(row)} → ${name}`, text }];
    });
  });
}

/** The timer ends a saga as a failure, by a rule of its own service. */
function mayFail(map: Choreography, graph: Graph, timer: Message): boolean {
  const failures = map.events.filter(({ ends }) => ends === 'failure').map(({ name }) => name);
  return graph.hearing(timer).some(({ emits }) => emits.some((event) => failures.includes(event)));
}

const totalOf = (way: readonly MapRow[]): number => way.reduce((sum, { withinMs = 0 }) => sum + withinMs, 0);

/** The rows on the slowest way from what a row hears, begins or asks to an end, without going in a circle. Nobody waits for timers. */
function longestWay(graph: Graph, from: MapRow, ends: readonly string[]): readonly MapRow[] {
  let longest: readonly MapRow[] = [];
  const walk = (message: Message, passed: ReadonlySet<string>, way: readonly MapRow[]): void => {
    if (message.kind === 'event' && ends.includes(message.name)) {
      if (totalOf(way) > totalOf(longest)) longest = way;
      return;
    }
    if (message.kind === 'timer' || passed.has(idOf(message))) return;
    const next = new Set([...passed, idOf(message)]);
    for (const row of graph.hearing(message)) {
      for (const said of graph.said(row)) walk(said, next, [...way, row]);
    }
  };
  const heard = graph.heard(from);
  const roots = heard.kind === 'event' ? [heard] : graph.said(from);
  for (const root of roots) walk(root, new Set(), []);
  return longest;
}

/** A step gives its participant at least the time that the participant says it needs. */
function stepsTooShort(map: Choreography): Finding[] {
  return map.sagas.flatMap((saga) =>
    actionsOf(saga).flatMap(({ name, asks, withinMs }): Finding[] => {
      const rows = map.services.find((service) => service.name === asks?.service)?.rows ?? [];
      const heard = rows.find(({ hears }) => hears.kind === 'command' && hears.name === asks?.command);
      if (withinMs === undefined || heard?.withinMs === undefined || heard.withinMs <= withinMs) return [];
      const text = `The step "${name}" of the saga ${saga.name} gives up after ${durationOf(withinMs)}, but "${rowName(heard)}" may take ${durationOf(heard.withinMs)}. Raise withinMs of the step, or lower "within" of the row.`;
      return [{ code: 'DEADLINE_TOO_SHORT', place: `${saga.name} ${saga.version}: ${name}`, text }];
    }),
  );
}
