import { type Branch, branchesOf } from './branches.ts';
import { type Columns, columnsOf } from './columns.ts';
import type { LayoutInput } from './input.ts';
import { type Label, labelOf } from './labels.ts';
import { channelOf, deepest } from './levels.ts';
import { type Line, lineOf } from './line.ts';
import { NODE } from './measures.ts';
import { netsOf } from './nets.ts';
import type { Point } from './path.ts';
import { type Rows, rowsOf } from './rows.ts';

export interface MapLayout {
  readonly width: number;
  readonly height: number;
  /** Above it is there, below it is back. */
  readonly middle: number;
  readonly nodes: readonly PlacedNode[];
  readonly wires: readonly Wire[];
  /** Where a saga begins; null when no service begins one. */
  readonly begin: { readonly from: Point; readonly to: Point } | null;
}

export interface PlacedNode {
  readonly service: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly below: boolean;
}

/** One event on its way to one or more readers, with one label. */
export interface Wire {
  readonly id: string;
  readonly event: string;
  readonly from: string;
  readonly branches: readonly Branch[];
  readonly label: Label;
}

/**
 * Where everything on the map stands. Pure: it depends on the tables alone, so the same tables are drawn in the same places,
 * whatever happens on them.
 */
export function layoutOf(input: LayoutInput): MapLayout {
  const line = lineOf(input);
  const all = netsOf(input, line);
  const columns = columnsOf(line, all, [channelOf(all, 'above'), channelOf(all, 'below')]);
  const nets = all.filter(({ informs }) => input.withInforming || !informs);
  const above = channelOf(nets, 'above');
  const below = channelOf(nets, 'below');
  const rows = rowsOf(line, deepest(above), deepest(below));
  const nodes = nodesOf(line, columns, rows);
  const bare = nets.map((net) => ({ net, branches: branchesOf(net, { line, columns, rows, above, below }) }));
  const wires = bare.map(({ net, branches }) => ({
    id: net.id,
    event: net.event,
    from: net.from,
    branches,
    label: labelOf({ net, branches }, bare),
  }));
  const first = nodes.find(({ service }) => service === line.along[0]);
  const begins = input.choreography.services.some(({ rows }) => rows.some((row) => row.begins !== undefined));
  return {
    width: columns.width,
    height: rows.height,
    middle: rows.middle,
    nodes,
    wires,
    begin: first && begins ? { from: [first.x - 70, rows.middle], to: [first.x, rows.middle] } : null,
  };
}

function nodesOf(line: Line, { columns }: Columns, rows: Rows): PlacedNode[] {
  return [...line.place].map(([service, { column, below }]) => ({
    service,
    x: columns[column]?.x ?? 0,
    y: below ? rows.below : rows.top,
    width: columns[column]?.width ?? NODE.width,
    height: NODE.height,
    below,
  }));
}
