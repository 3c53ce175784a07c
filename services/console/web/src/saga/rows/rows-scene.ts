import type { Row, Rows } from './rows.ts';

/** The thin lanes left of the rows. */
export interface RowsScene {
  readonly width: number;
  readonly lanes: readonly number[];
  readonly wires: readonly { readonly id: string; readonly d: string; readonly kind: 'there' | 'back' | 'expected' }[];
  readonly bars: readonly { readonly id: string; readonly x: number; readonly y: number; readonly height: number }[];
  readonly marks: readonly { readonly row: Row; readonly x: number; readonly y: number }[];
  /** From where on the saga turns back; null: it does not. */
  readonly turn: number | null;
}

const FIRST = 12;
const APART = 17;
const HALF = 10;
const CORNER = 7;

export function rowsScene({ rows, services }: Rows): RowsScene {
  const x = (service: string | null): number => FIRST + APART * Math.max(0, services.indexOf(service ?? ''));
  // A wait fills its row from the top: its mark stands at the end.
  const y = (row: Row): number => row.top + (row.kind === 'late' ? row.height - 49 : 29);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const withMark = rows.filter((row) => row.mark !== null);
  const wires = withMark.flatMap((row) => {
    const cause = byId.get(row.after ?? '');
    if (cause === undefined) {
      return [];
    }
    const end = row.kind === 'late' ? row.top + 4 : y(row) - HALF;
    const kind =
      row.kind === 'owed'
        ? ('expected' as const)
        : cause.tone === 'back' || cause.mark === 'undo-failed'
          ? ('back' as const)
          : ('there' as const);
    return [{ id: row.id, kind, d: elbow(x(cause.service), y(cause), x(row.service), end) }];
  });
  const bars = rows
    .filter((row) => row.kind === 'late')
    .map((row) => ({ id: row.id, x: x(row.service) - 4.5, y: row.top + 2, height: row.height - 64 }));
  return {
    width: FIRST + APART * services.length - 5,
    lanes: services.map((service) => x(service)),
    wires,
    bars,
    marks: withMark.map((row) => ({ row, x: x(row.service), y: y(row) })),
    turn: rows.find((row) => row.tone === 'back')?.top ?? null,
  };
}

/** Sideways out of the mark, a round corner, then down the lane of who heard it. */
function elbow(fromX: number, fromY: number, toX: number, toY: number): string {
  if (fromX === toX) {
    return `M${fromX} ${fromY + HALF}V${toY}`;
  }
  const way = toX > fromX ? 1 : -1;
  return `M${fromX + way * (HALF - 1)} ${fromY}H${toX - way * CORNER}q${way * CORNER} 0 ${way * CORNER} ${CORNER}V${Math.max(toY, fromY + CORNER)}`;
}
