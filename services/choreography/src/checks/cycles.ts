import type { Choreography, MapStyle } from '../map/choreography.ts';
import { graphOf } from '../walk/graph.ts';
import { eventsCausedBy } from '../walk/reach.ts';
import type { Check, Finding } from './finding.ts';

type Followers = ReadonlyMap<string, readonly string[]>;

/**
 * Events that cause themselves. The map cannot see what a rule refuses, so each cycle needs a reason why it ends. Each way
 * around is a finding of its own, so that a new one is seen beside those that are allowed.
 */
export const eventCycles: Check = (map) => {
  const cycles = (['choreographed', 'orchestrated'] as const).flatMap((style) => cyclesOf(followersOf(map, style)));
  const byPlace = new Map(cycles.map((cycle) => [[...cycle, cycle[0]].join(' → '), cycle]));
  return [...byPlace].map(([place, [first]]): Finding => {
    const text = `${place}: each of these events may cause the next, and the last causes ${first} again, so a saga might run in a circle for ever. Remove a row of the circle; or, if a rule ends it, allow it in services/choreography/src/checks/allowed.ts and say which rule.`;
    return { code: 'EVENT_CYCLE', place, text };
  });
};

/** For each event the events that services cause because of it, at once or by a call or timer. */
function followersOf(map: Choreography, style: MapStyle): Followers {
  const graph = graphOf(map, style);
  return new Map(
    map.events.map(({ name, owner: service }) => {
      const rows = graph.hearing({ kind: 'event', name, service });
      const caused = rows.flatMap((row) => eventsCausedBy(graph, row).map((event) => event.name));
      return [name, [...new Set(caused)].sort()];
    }),
  );
}

/** Every way around, beginning with its first event in the order of the alphabet. */
function cyclesOf(followers: Followers): string[][] {
  const cycles: string[][] = [];
  const walk = (path: readonly string[]): void => {
    const [first = '', last = ''] = [path[0], path.at(-1)];
    for (const next of followers.get(last) ?? []) {
      if (next === first) cycles.push([...path]);
      else if (next > first && !path.includes(next)) walk([...path, next]);
    }
  };
  for (const name of followers.keys()) walk([name]);
  return cycles;
}
