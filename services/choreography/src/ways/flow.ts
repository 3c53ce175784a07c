import type { Choreography, MapEvent, MapRow } from '../map/choreography.ts';
import { type Graph, graphOf, type Message } from '../walk/graph.ts';

/** A row, and the one of its effects that a way goes on with. */
export interface Step {
  readonly row: MapRow;
  readonly says: Message;
}

/** The choreographed part of a map, and what it says of its events. */
export interface Flow extends Graph {
  event(name: string): MapEvent | undefined;
}

export function flowOf(map: Choreography): Flow {
  const events = new Map(map.events.map((event) => [event.name, event]));
  return { ...graphOf(map, 'choreographed'), event: (name) => events.get(name) };
}

/** An event as a message. */
export const heardAs = ({ name, owner }: Pick<MapEvent, 'name' | 'owner'>): Message => ({
  kind: 'event',
  name,
  service: owner,
});

/** That a row says an event. */
export const emitting = (row: MapRow, name: string): Step => ({
  row,
  says: { kind: 'event', name, service: row.service },
});

/** The calls, or the timers, that a row starts. */
export const started = (flow: Graph, row: MapRow, kind: 'call' | 'timer'): readonly Message[] =>
  flow.said(row).filter((message) => message.kind === kind);

export const isEvent = ({ says }: Step): boolean => says.kind === 'event';

/**
 * Whether an order that has met one event cannot meet the other: one row says either the one or the other, or the order ends
 * well with one and badly with the other.
 */
export function excludes(flow: Flow, one: string, other: string): boolean {
  if (one === other) return false;
  const [ends, otherEnds] = [flow.event(one)?.ends, flow.event(other)?.ends];
  if (ends !== undefined && otherEnds !== undefined && ends !== otherEnds) return true;
  return flow.rows.some(({ emits }) => emits.includes(one) && emits.includes(other));
}

/**
 * The shortest way on from a step to a message, over events and the answers of calls. It meets no event that excludes one
 * which it has met before. Undefined when there is none.
 */
export function shortestWay(
  flow: Flow,
  from: readonly Step[],
  isGoal: (message: Message) => boolean,
): readonly Step[] | undefined {
  const tried: (readonly Step[])[] = [from];
  for (const way of tried) {
    const last = way.at(-1);
    if (last === undefined || isGoal(last.says)) return way;
    tried.push(...continuations(flow, way, last));
  }
  return undefined;
}

function continuations(flow: Flow, way: readonly Step[], last: Step): readonly (readonly Step[])[] {
  const isNew = ({ row, says }: Step): boolean =>
    !way.some((step) => step.row === row) && (says.kind !== 'event' || isPossible(flow, way, says.name));
  // No way needs a timer: it fires when a way takes too long.
  return flow
    .hearing(last.says)
    .flatMap((row) => flow.said(row).map((says) => ({ row, says })))
    .filter(({ says }) => says.kind !== 'timer')
    .filter(isNew)
    .map((step) => [...way, step]);
}

function isPossible(flow: Flow, way: readonly Step[], event: string): boolean {
  return way.filter(isEvent).every(({ says }) => says.name !== event && !excludes(flow, says.name, event));
}
