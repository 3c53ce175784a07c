import type { LayoutInput, PlacedEdge } from './input.ts';
import { compare, type Line } from './line.ts';

/** The edges that are drawn as one: of one event, through one channel, with one label. */
export interface Net {
  readonly id: string;
  readonly event: string;
  readonly from: string;
  readonly edges: readonly PlacedEdge[];
  readonly informs: boolean;
  /** Where it runs: straight between neighbours, or through the channel above or below the line. */
  readonly way: 'straight-there' | 'straight-back' | 'above' | 'below';
  /** The columns that it touches. */
  readonly columns: readonly number[];
  readonly first: number;
  readonly last: number;
  /** The column of who says it. */
  readonly source: number;
  /** It ends below the line, too. */
  readonly toBelow: boolean;
  /** Whoever says it hears it. */
  readonly loops: boolean;
  readonly rank: number;
}

/** All nets of the map, in the order of its events. */
export function netsOf({ choreography: { events }, edges }: LayoutInput, line: Line): Net[] {
  const ranks = new Map(events.map(({ name }, rank) => [name, rank]));
  const undoing = new Set(events.flatMap(({ undoneBy }) => undoneBy ?? []));
  const drawn = edges.filter(({ from, to }) => line.place.get(from)?.below === false && line.place.has(to));
  const sorted = [...drawn].sort(
    (a, b) =>
      rankOf(a) - rankOf(b) || compare(a.event, b.event) || columnOf(a.to) - columnOf(b.to) || compare(a.to, b.to),
  );
  const straight = straightEdges(sorted, line, undoing);
  const groups = new Map<string, PlacedEdge[]>();
  for (const edge of sorted) {
    const way = straight.get(edge) ?? channelOf(edge, sorted, line);
    const alone = straight.has(edge) || edge.from === edge.to ? edge.to : '';
    const id = [edge.event, edge.from, way, edge.kind === 'informs' ? 'informs' : '', alone].join('/');
    groups.set(id, [...(groups.get(id) ?? []), edge]);
  }
  return [...groups].map(([id, of]) => {
    const [edge] = of as [PlacedEdge];
    const columns = [...new Set([edge.from, ...of.map(({ to }) => to)].map(columnOf))];
    return {
      id,
      event: edge.event,
      from: edge.from,
      edges: of,
      informs: edge.kind === 'informs',
      way: straight.get(edge) ?? channelOf(edge, sorted, line),
      columns,
      first: Math.min(...columns),
      last: Math.max(...columns),
      source: columnOf(edge.from),
      toBelow: of.some(({ to }) => line.place.get(to)?.below),
      loops: edge.from === edge.to,
      rank: rankOf(edge),
    };
  });

  function columnOf(service: string): number {
    return line.place.get(service)?.column ?? 0;
  }
  function rankOf({ event }: PlacedEdge): number {
    return ranks.get(event) ?? events.length;
  }
}

/** Between two neighbours one edge runs straight there and one straight back: the first of each, and no undo before others. */
function straightEdges(edges: readonly PlacedEdge[], { along }: Line, undoing: ReadonlySet<string>) {
  const straight = new Map<PlacedEdge, 'straight-there' | 'straight-back'>();
  along.slice(1).forEach((right, column) => {
    const left = along[column];
    const there = edges.find(({ kind, from, to }) => kind === 'there' && from === left && to === right);
    if (there) straight.set(there, 'straight-there');
    const back = edges.filter(({ kind, from, to }) => kind === 'back' && from === right && to === left);
    const first = back.find(({ event }) => !undoing.has(event)) ?? back[0];
    if (first) straight.set(first, 'straight-back');
  });
  return straight;
}

/** There is above, back is below. What only informs runs with the rest of its event. */
function channelOf(edge: PlacedEdge, edges: readonly PlacedEdge[], line: Line): 'above' | 'below' {
  if (line.place.get(edge.to)?.below) return 'below';
  if (edge.kind === 'there') return 'above';
  if (edge.kind !== 'informs') return 'below';
  return edges.some(({ event, kind }) => event === edge.event && kind === 'there') ? 'above' : 'below';
}
