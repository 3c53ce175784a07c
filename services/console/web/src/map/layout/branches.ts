import type { Columns } from './columns.ts';
import type { PlacedEdge } from './input.ts';
import type { Channel } from './levels.ts';
import type { Line } from './line.ts';
import { LEVEL, STRAIGHT } from './measures.ts';
import type { Net } from './nets.ts';
import { type Point, rounded } from './path.ts';
import type { Rows } from './rows.ts';
import { slotKey } from './slots.ts';

/** The line to one reader. */
export interface Branch {
  readonly edge: PlacedEdge;
  readonly points: readonly Point[];
  readonly path: string;
  readonly head: { readonly at: Point; readonly towards: 'right' | 'left' | 'up' | 'down' };
}

export interface Frame {
  readonly line: Line;
  readonly columns: Columns;
  readonly rows: Rows;
  readonly above: Channel;
  readonly below: Channel;
}

/** The lines of a net, one for each reader: from who says it through its channel. */
export function branchesOf(net: Net, { line, columns, rows, above, below }: Frame): Branch[] {
  const slot = (column: number, second = false) => columns.slots.get(slotKey(net, column, second)) ?? 0;
  return net.edges.map((edge): Branch => {
    const to = line.place.get(edge.to) ?? { column: 0, below: false };
    if (net.way === 'straight-there' || net.way === 'straight-back') {
      const back = net.way === 'straight-back';
      const y = rows.middle + (back ? STRAIGHT : -STRAIGHT);
      const [left, right] = [columns.columns[net.first], columns.columns[net.last]];
      const ends: Point[] = [
        [(left?.x ?? 0) + (left?.width ?? 0), y],
        [right?.x ?? 0, y],
      ];
      return branch(edge, back ? ends.reverse() : ends, back ? 'left' : 'right');
    }
    const begin = slot(net.source);
    const end = slot(to.column, net.loops);
    if (net.way === 'above') {
      const y = rows.top - LEVEL.first - (above.levels.get(net) ?? 0) * LEVEL.above;
      return branch(
        edge,
        [
          [begin, rows.top],
          [begin, y],
          [end, y],
          [end, rows.top],
        ],
        'down',
      );
    }
    const y = rows.bottom + LEVEL.first + (below.levels.get(net) ?? 0) * LEVEL.below;
    return branch(
      edge,
      [
        [begin, rows.bottom],
        [begin, y],
        [end, y],
        [end, to.below ? rows.below : rows.bottom],
      ],
      to.below ? 'down' : 'up',
    );
  });
}

/** The head of its arrow is as long as the line is drawn short. */
const HEAD = 7;

function branch(edge: PlacedEdge, points: readonly Point[], towards: Branch['head']['towards']): Branch {
  const at = points.at(-1) ?? [0, 0];
  const drawn = [...points.slice(0, -1), shortened(at, towards)];
  return { edge, points, path: rounded(drawn), head: { at, towards } };
}

function shortened([x, y]: Point, towards: Branch['head']['towards']): Point {
  if (towards === 'right') return [x - HEAD, y];
  if (towards === 'left') return [x + HEAD, y];
  return [x, towards === 'down' ? y - HEAD : y + HEAD];
}
