import type { Sql } from '@troupe/chassis';
import type { SagaSummary } from '../saga/input.ts';

export interface SagaRow {
  readonly orderId: string;
  readonly summary: SagaSummary;
  readonly bytes: number;
}

/**
 * Locks sagas until the transaction ends, so that what is read of them next is all there is: whoever else adds a record to
 * one of them waits. Sorted, so that two batches never wait for each other in a circle. One statement.
 */
export async function lockSagas(tx: Sql, orderIds: Iterable<string>): Promise<void> {
  await tx.$executeRawUnsafe(
    `SELECT count(pg_advisory_xact_lock(k)) FROM (
       SELECT DISTINCT hashtextextended(unnest($1::text[]), 0) AS k ORDER BY k OFFSET 0) AS sorted`,
    [...orderIds],
  );
}

/** Writes rows that are new or have changed; the others stay untouched. One statement. */
export async function saveSagas(tx: Sql, rows: readonly SagaRow[]): Promise<void> {
  const of = <Value>(value: (row: SagaRow) => Value): Value[] => rows.map(value);
  await tx.$executeRawUnsafe(
    SAVE,
    of(({ orderId }) => orderId),
    of(({ summary }) => summary.open),
    of(({ summary }) => summary.style),
    of(({ summary }) => summary.outcome),
    of(({ summary }) => summary.customerId),
    of(({ summary }) => summary.total?.amount ?? null),
    of(({ summary }) => JSON.stringify([...new Set(summary.items.map(({ sku }) => sku))])),
    of(({ summary }) => summary.placedAt),
    of(({ summary }) => endOf(summary)),
    of(({ summary }) => summary.since),
    of(({ summary }) => summary.traceId),
    of(({ bytes }) => bytes),
    of(({ summary }) => JSON.stringify(summary)),
  );
}

/** A saga that is over has ended at some time. */
const endOf = ({ open, endedAt, since }: SagaSummary): string | null => endedAt ?? (open ? null : since);

const SAVE = `
  INSERT INTO saga (order_id, open, style, outcome, customer_id, total, skus, placed_at, ended_at, since, trace_id, bytes, summary)
  SELECT order_id, open, style, outcome, customer_id, total,
         ARRAY (SELECT jsonb_array_elements_text(skus::jsonb)), placed_at, ended_at, since, trace_id, bytes, summary::jsonb
  FROM unnest($1::uuid[], $2::boolean[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::timestamptz[],
              $9::timestamptz[], $10::timestamptz[], $11::text[], $12::bigint[], $13::text[])
    AS given (order_id, open, style, outcome, customer_id, total, skus, placed_at, ended_at, since, trace_id, bytes, summary)
  ON CONFLICT (order_id) DO UPDATE SET
    open = excluded.open, style = excluded.style, outcome = excluded.outcome, customer_id = excluded.customer_id,
    total = excluded.total, skus = excluded.skus, placed_at = excluded.placed_at, ended_at = excluded.ended_at,
    since = excluded.since, trace_id = excluded.trace_id, bytes = excluded.bytes, summary = excluded.summary
  WHERE (saga.summary, saga.bytes) IS DISTINCT FROM (excluded.summary, excluded.bytes)`;
