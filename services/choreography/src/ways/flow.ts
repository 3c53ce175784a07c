import type { Choreography, MapEvent, MapMessage, MapRow, MapStyle } from '../map/choreography.ts';

/** A row, and the one of its effects that a way goes on with. */
export interface Step {
  readonly row: MapRow;
  readonly says: MapMessage;
}

/** The rows of one style, and what leads from one to the next. */
export interface Flow {
  readonly rows: readonly MapRow[];
  /** The rows that hear what a row says. A call and a timer come back to the service that started them. */
  rowsHearing(message: MapMessage, sayer: string): readonly MapRow[];
  /** The calls, or the timers, that a row starts, as far as a row of this style hears them. */
  started(row: MapRow, kind: 'call' | 'timer'): readonly MapMessage[];
  event(name: string): MapEvent | undefined;
}

/** The flow of the orders that nobody orchestrates, or of those that somebody does. */
export function flowOf(map: Choreography, style: MapStyle): Flow {
  const rows = map.services.flatMap((service) => service.rows).filter((row) => (row.style ?? style) === style);
  const events = new Map(map.events.map((event) => [event.name, event]));
  const hears = (row: MapRow, { kind, name }: MapMessage): boolean =>
    row.hears.kind === kind && row.hears.name === name;
  return {
    rows,
    event: (name) => events.get(name),
    rowsHearing: (message, sayer) =>
      rows.filter((row) => hears(row, message) && (message.kind === 'event' || row.service === sayer)),
    started: (row, kind) =>
      row.starts
        .map((name): MapMessage => ({ kind, name }))
        .filter((task) => rows.some((other) => other.service === row.service && hears(other, task))),
  };
}

/** What a row may say, except for timers: they fire when a way takes too long, and no way needs them. */
export function sayings(flow: Flow, row: MapRow): readonly MapMessage[] {
  const events = row.emits.map((name): MapMessage => ({ kind: 'event', name }));
  return [...events, ...flow.started(row, 'call')];
}

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
  isGoal: (message: MapMessage) => boolean,
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
  return flow
    .rowsHearing(last.says, last.row.service)
    .flatMap((row) => sayings(flow, row).map((says) => ({ row, says })))
    .filter(isNew)
    .map((step) => [...way, step]);
}

function isPossible(flow: Flow, way: readonly Step[], event: string): boolean {
  return way.filter(isEvent).every(({ says }) => says.name !== event && !excludes(flow, says.name, event));
}
