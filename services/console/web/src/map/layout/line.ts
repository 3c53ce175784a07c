import { depthsOf } from './depths.ts';
import type { LayoutInput, PlacedEdge } from './input.ts';

/** Who stands where: a column for each service on the line, and those below that are only told. */
export interface Line {
  /** In the order in which a saga reaches them. */
  readonly along: readonly string[];
  /** By service: its column, and whether it stands below the line. */
  readonly place: ReadonlyMap<string, { readonly column: number; readonly below: boolean }>;
  readonly columns: number;
}

/**
 * The line of the services that say something to another one, in the order in which a saga reaches them. A service that nobody
 * hears stands below, under the one that tells it most, or in the next free column.
 */
export function lineOf({ choreography, edges }: LayoutInput): Line {
  const names = choreography.services.map(({ name }) => name);
  const begins = beginning(choreography);
  const onLine = speaking({ choreography, edges });
  const depths = depthsOf(choreography);
  const reached = (name: string): number => {
    if (begins.has(name)) return -1;
    const heard = edges.filter(({ kind, to }) => kind === 'there' && to === name);
    return Math.min(LAST, ...heard.map(({ event }) => depths.get(event) ?? LAST));
  };
  const along = onLine
    .map((name) => ({ name, depth: reached(name) }))
    .sort((a, b) => a.depth - b.depth)
    .map(({ name }) => name);

  const place = new Map(along.map((name, column) => [name, { column, below: false }]));
  const taken = new Set<number>();
  for (const name of names.filter((name) => !onLine.includes(name))) {
    const wanted = place.get(mostFrequent(edges.filter(({ to }) => to === name)) ?? '')?.column ?? 0;
    const column = firstFree(wanted, taken);
    taken.add(column);
    place.set(name, { column, below: true });
  }
  return { along, place, columns: Math.max(along.length, ...[...taken].map((column) => column + 1)) };
}

/** Who stands on the line, in the order of the tables: whoever is heard by another, and whoever begins sagas. */
export function speaking({ choreography, edges }: Pick<LayoutInput, 'choreography' | 'edges'>): string[] {
  const speaks = new Set(edges.filter(({ from, to }) => from !== to).map(({ from }) => from));
  const begins = beginning(choreography);
  return choreography.services.map(({ name }) => name).filter((name) => speaks.has(name) || begins.has(name));
}

const beginning = ({ services }: LayoutInput['choreography']): ReadonlySet<string> =>
  new Set(services.filter(({ rows }) => rows.some((row) => row.begins !== undefined)).map(({ name }) => name));

/** Behind everything that a saga reaches. */
const LAST = Number.MAX_SAFE_INTEGER;

export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function mostFrequent(edges: readonly PlacedEdge[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { from } of edges) counts.set(from, (counts.get(from) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || compare(a, b))[0]?.[0];
}

/** The wanted column, or the next one to the right: further columns are added where there is none. */
function firstFree(wanted: number, taken: ReadonlySet<number>): number {
  for (let column = wanted; ; column += 1) if (!taken.has(column)) return column;
}
