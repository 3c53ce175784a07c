import type { Cause, Overview, SagaPage, SagaRow } from '../../../src/contract/saga.ts';

/** A stretch of the list under one heading. */
export interface Section {
  /** `cause:<key>`, `moving`, `ended`, `all`. */
  readonly id: string;
  readonly cause: Cause | null;
  readonly rows: readonly SagaRow[];
  /** How many there are in all; rows are the first of them. */
  readonly total: number;
}

/** By cause, worst first; then what moves, then what has ended. Without filters the causes are those of the overview. */
export function groupedSections(from: {
  readonly overview: Overview | undefined;
  /** Open sagas that stand still and match the filters; null: there is no filter. */
  readonly still: SagaPage | null;
  readonly moving: SagaPage | null;
  readonly ended: SagaPage | null;
}): readonly Section[] {
  const { overview, still, moving, ended } = from;
  const causes =
    still === null
      ? (overview?.causes ?? []).map((cause) => ({ id: idOf(cause.key), cause, rows: cause.first, total: cause.count }))
      : byCause(still, overview?.causes ?? []);
  return [
    ...causes,
    ...(moving === null ? [] : [{ id: 'moving', cause: null, rows: moving.items, total: moving.total }]),
    ...(ended === null ? [] : [{ id: 'ended', cause: null, rows: ended.items, total: ended.total }]),
  ].filter(({ id, rows }) => rows.length > 0 || id.startsWith('cause:'));
}

/** Rows that match a filter under the causes that the overview knows, in its order. A cause that it does not know yet has no sentence. */
function byCause(page: SagaPage, causes: readonly Cause[]): readonly Section[] {
  const rows = new Map<string, SagaRow[]>();
  for (const row of page.items) {
    const key = row.causeKey ?? '';
    rows.set(key, [...(rows.get(key) ?? []), row]);
  }
  const order = new Map(causes.map(({ key }, at) => [key, at]));
  const place = (key: string): number => order.get(key) ?? causes.length;
  return [...rows]
    .sort(([one], [other]) => place(one) - place(other))
    .map(([key, of]) => ({
      id: idOf(key),
      cause: causes.find((cause) => cause.key === key) ?? null,
      rows: of,
      total: of.length,
    }));
}

const idOf = (causeKey: string): string => `cause:${causeKey}`;
