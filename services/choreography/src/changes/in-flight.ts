import { listed } from '../checks/finding.ts';
import type { Choreography, MapEvent, MapRow } from '../map/choreography.ts';
import { graphOf, idOf, type Message } from '../walk/graph.ts';
import { reachedFrom } from '../walk/reach.ts';
import { type Change, rowsByName } from './change.ts';

/** Sagas that were begun before a change and meet it on their way. */
export interface Meeting {
  /** The changed row, event or saga. */
  readonly place: string;
  /** Where a saga may stand that meets it: behind one of these events, in the order from its beginning. */
  readonly behind: readonly string[];
  /** What they meet, in a sentence. */
  readonly text: string;
}

/** Which sagas in flight could meet both versions, as far as the maps tell. */
export function inFlight(before: Choreography, now: Choreography, changes: readonly Change[]): Meeting[] {
  const [old, current] = [rowsByName(before), rowsByName(now)];
  return changes.flatMap((change): Meeting[] => {
    const { of, kind, place } = change;
    if (of === 'row') {
      // A row that was there is met on the old ways to it; a new one on the ways that there are now.
      const [map, row] = old.has(place) ? [before, old.get(place)] : [now, current.get(place)];
      const behind = row === undefined ? [] : waysTo(map, row);
      return behind.length === 0 ? [] : [{ place, behind, text: rowText(kind, row as MapRow) }];
    }
    if (of === 'field' || of === 'event') return ofEvent(before, change);
    return kind === 'added' ? [] : [{ place, behind: [], text: 'Every open saga of this version goes on under it.' }];
  });
}

function rowText(kind: Change['kind'], { service, hears: { name } }: MapRow): string {
  switch (kind) {
    case 'added':
      return `A saga that has not come past ${name} meets the new row; for one that has, it never acts.`;
    case 'removed':
      return `Whatever of ${name} has not reached ${service} yet is not acted on any more.`;
    case 'moved':
      return `The old service may have acted on ${name} already, and the new one acts on what it reads from then on: both may act, or neither.`;
    case 'changed':
      return `It was begun under the old row, and ${service} acts on ${name} by the new one.`;
    default:
      return kind satisfies never;
  }
}

function ofEvent(before: Choreography, { of, kind, place }: Change): Meeting[] {
  const name = of === 'field' ? place.slice(0, place.indexOf('.')) : place;
  const event = before.events.find((known) => known.name === name);
  if (event === undefined || event.heardBy.length === 0) return [];
  const text = of === 'field' ? fieldText(event) : eventText(kind, event);
  return text === undefined ? [] : [{ place, behind: [name], text }];
}

const fieldText = ({ topic, heardBy }: MapEvent): string =>
  `Records of both shapes lie on ${topic} for a while, and ${listed(heardBy)} must read both.`;

function eventText(kind: Change['kind'], { name, topic, heardBy }: MapEvent): string | undefined {
  const readers = listed(heardBy);
  if (kind === 'removed')
    return `Records of ${name} that ${readers} did not read yet stay on ${topic}: nobody knows them any more.`;
  if (kind !== 'moved') return undefined;
  return `Records that were written before stay on ${topic}: what ${readers} did not read of them until the change is lost.`;
}

/** The events that lie on the ways from the beginning of a saga to a row, the nearest to the beginning first. None: it begins the saga. */
function waysTo(map: Choreography, row: MapRow): string[] {
  const graph = graphOf(map, row.style ?? 'both');
  const before = new Set<string>();
  const queue: Message[] = [graph.heard(row)];
  for (const message of queue) {
    if (before.has(idOf(message))) continue;
    before.add(idOf(message));
    queue.push(...graph.saying(message).map(graph.heard), ...graph.asking(message));
  }
  const beginnings = graph.rows.filter(({ begins }) => begins !== undefined).map(graph.heard);
  const names = new Map(map.events.map(({ name, owner }) => [idOf({ kind: 'event', name, service: owner }), name]));
  return [...reachedFrom(graph, beginnings)].filter((id) => before.has(id)).flatMap((id) => names.get(id) ?? []);
}
