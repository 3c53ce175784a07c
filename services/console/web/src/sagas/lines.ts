import type { Cause, SagaRow } from '../../../src/contract/saga.ts';
import { counted } from '../parts/words/amount.ts';
import type { HeldList } from './hold.ts';
import type { Section } from './sections.ts';

/** One line of the list, as the virtual list counts them. */
export type Line =
  | { readonly kind: 'cause'; readonly key: string; readonly cause: Cause; readonly gone: boolean }
  | { readonly kind: 'unknown cause'; readonly key: string; readonly code: string; readonly total: number }
  | { readonly kind: 'row'; readonly key: string; readonly row: SagaRow; readonly gone: boolean }
  | { readonly kind: 'more'; readonly key: string; readonly left: number; readonly section: string }
  | {
      readonly kind: 'head';
      readonly key: string;
      readonly section: 'moving' | 'ended';
      readonly total: number;
      readonly newer: number;
    };

export const linesOf = ({ sections, gone, newer }: HeldList): readonly Line[] =>
  sections.flatMap((section) => [
    ...headOf(section, newer[section.id] ?? 0),
    ...section.rows.map(
      (row): Line => ({ kind: 'row', key: `${section.id}/${row.orderId}`, row, gone: gone.has(row.orderId) }),
    ),
    ...moreOf(section),
  ]);

/** What waits to be shown and has no head of its own to say so: `1 new cause, 27 newer`. Null: nothing. */
export function waitingText({ sections, newer, newCauses }: HeldList): string | null {
  const rows = sections.filter(({ id }) => !HEADED.has(id)).reduce((sum, { id }) => sum + (newer[id] ?? 0), 0);
  const parts = [...(newCauses > 0 ? [counted(newCauses, 'new cause')] : []), ...(rows > 0 ? [`${rows} newer`] : [])];
  return parts.length === 0 ? null : parts.join(', ');
}

const HEADED: ReadonlySet<string> = new Set(['moving', 'ended']);

function headOf({ id, cause, rows, total }: Section, newer: number): readonly Line[] {
  if (id === 'moving' || id === 'ended') return [{ kind: 'head', key: id, section: id, total, newer }];
  if (cause !== null) return [{ kind: 'cause', key: id, cause, gone: total === 0 }];
  if (id === 'all') return [];
  return [{ kind: 'unknown cause', key: id, code: rows[0]?.code ?? 'a cause that is not known yet', total }];
}

function moreOf({ id, rows, total }: Section): readonly Line[] {
  const left = total - rows.length;
  return left > 0 && id !== 'all' ? [{ kind: 'more', key: `${id}/more`, left, section: id }] : [];
}

/** Sagas in the order in which they stand, for "next in the list". */
export const orderIdsOf = (lines: readonly Line[]): readonly string[] =>
  lines.flatMap((line) => (line.kind === 'row' ? [line.row.orderId] : []));

/** The next line that can be opened: rows, and "more". */
export function nextLine(lines: readonly Line[], from: number, step: 1 | -1): number {
  for (let at = from + step; at >= 0 && at < lines.length; at += step) {
    const kind = lines[at]?.kind;
    if (kind === 'row' || kind === 'more') return at;
  }
  return from;
}
