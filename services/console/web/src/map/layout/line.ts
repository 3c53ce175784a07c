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
export function lineOf({ choreography: { services, events }, edges }: LayoutInput): Line {
  const names = services.map(({ name }) => name);
  const speaks = new Set(edges.filter(({ from, to }) => from !== to).map(({ from }) => from));
  const begins = services.filter(({ rows }) => rows.some((row) => row.begins !== undefined)).map(({ name }) => name);
  const onLine = new Set(names.filter((name) => speaks.has(name) || begins.includes(name)));
  const ranks = new Map(events.map(({ name }, rank) => [name, rank]));
  const along = inOrder([...begins, ...names], byRank(edges, ranks)).filter((name) => onLine.has(name));

  const place = new Map(along.map((name, column) => [name, { column, below: false }]));
  const taken = new Set<number>();
  for (const name of names.filter((name) => !onLine.has(name))) {
    const wanted = place.get(mostFrequent(edges.filter(({ to }) => to === name)) ?? '')?.column ?? 0;
    const column = firstFree(wanted, taken);
    taken.add(column);
    place.set(name, { column, below: true });
  }
  return { along, place, columns: Math.max(along.length, ...[...taken].map((column) => column + 1)) };
}

const byRank = (edges: readonly PlacedEdge[], ranks: ReadonlyMap<string, number>) =>
  [...edges].sort((a, b) => (ranks.get(a.event) ?? 0) - (ranks.get(b.event) ?? 0) || compare(a.to, b.to));

export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Breadth first along the edges that lead there; whoever is not reached keeps the order of the names. */
function inOrder(names: readonly string[], edges: readonly PlacedEdge[]): string[] {
  const reached = new Set<string>();
  for (const name of names) {
    const queue = [name];
    for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
      if (reached.has(at)) continue;
      reached.add(at);
      const next = edges.filter(({ kind, from }) => kind === 'there' && from === at);
      queue.push(...next.map(({ to }) => to));
    }
  }
  return [...reached];
}

function mostFrequent(edges: readonly PlacedEdge[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { from } of edges) counts.set(from, (counts.get(from) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || compare(a, b))[0]?.[0];
}

/** The wanted column, or the next one to the right: further columns are added where there is none. */
function firstFree(wanted: number, taken: ReadonlySet<number>): number {
  for (let column = wanted; ; column += 1) if (!taken.has(column)) return column;
}
