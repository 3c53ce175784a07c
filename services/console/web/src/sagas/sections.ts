import type { Cause, Money, Overview, SagaPage, SagaRow } from '../../../src/contract/saga.ts';

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

/** Of each cause of a filtered list. */
const FEW = 5;

/**
 * Rows that match a filter under the causes that the overview knows, in its order. Their figures are those of the rows that match. A
 * cause that the overview does not know yet has no sentence.
 */
function byCause(page: SagaPage, causes: readonly Cause[]): readonly Section[] {
  const rows = new Map<string, SagaRow[]>();
  for (const row of page.items) {
    const of = rows.get(row.causeKey ?? '') ?? [];
    rows.set(row.causeKey ?? '', of);
    of.push(row);
  }
  const order = new Map(causes.map(({ key }, at) => [key, at]));
  const place = (key: string): number => order.get(key) ?? causes.length;
  return [...rows]
    .sort(([one], [other]) => place(one) - place(other))
    .map(([key, of]) => {
      const known = causes.find((cause) => cause.key === key);
      const cause = known === undefined ? null : { ...known, count: of.length, money: sumOf(of) };
      return { id: idOf(key), cause, rows: of.slice(0, FEW), total: of.length };
    });
}

/** Null where there is none, or where currencies differ: they have no sum. */
function sumOf(rows: readonly SagaRow[]): Money | null {
  const totals = rows.flatMap(({ total }) => (total === null ? [] : [total]));
  const currency = totals[0]?.currency;
  if (currency === undefined || totals.some((total) => total.currency !== currency)) return null;
  return { currency, amount: totals.reduce((sum, { amount }) => sum + amount, 0) };
}

const idOf = (causeKey: string): string => `cause:${causeKey}`;
