import type { Sql } from '@troupe/chassis';
import type { SagaRow } from '../contract/saga.ts';
import type { SagaSummary } from '../saga/input.ts';
import { rowOf } from '../saga/summary/row.ts';
import type { OpenSagas } from './saga-list.ts';

export interface SagaRowsParts {
  readonly sql: Sql;
  readonly open: OpenSagas;
  readonly now: () => number;
}

/** The rows of sagas that something else is about. Open ones are in memory, with their cause; the others are looked up at once. */
export async function sagaRows(
  { sql, open, now }: SagaRowsParts,
  orderIds: Iterable<string | null>,
): Promise<ReadonlyMap<string, SagaRow>> {
  const wanted = new Set([...orderIds].filter((id): id is string => id !== null));
  const rows = new Map<string, SagaRow>();
  if (wanted.size === 0) return rows;
  for (const { summary, diagnosis } of open.judged()) {
    if (wanted.has(summary.orderId)) rows.set(summary.orderId, rowOf(summary, diagnosis, now()));
  }
  const others = [...wanted].filter((id) => !rows.has(id));
  for (const summary of await summariesOf(sql, others)) {
    rows.set(summary.orderId, rowOf(summary, open.find(summary.orderId)?.diagnosis ?? null, now()));
  }
  return rows;
}

/** One statement, by the primary key. */
export async function summariesOf(sql: Sql, orderIds: readonly string[]): Promise<readonly SagaSummary[]> {
  if (orderIds.length === 0) return [];
  const rows = await sql.$queryRawUnsafe<{ summary: SagaSummary }[]>(
    'SELECT summary FROM saga WHERE order_id = ANY ($1::uuid[])',
    orderIds,
  );
  return rows.map(({ summary }) => summary);
}
