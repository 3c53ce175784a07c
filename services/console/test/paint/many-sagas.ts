import { connections, query, workConnection } from '@troupe/chassis/testing';
import { theChoreography } from '@troupe/choreography';
import type { RecordRow } from '../../src/store/record-row.ts';
import { fill } from '../reading/fill.ts';
import { sagasInRows } from '../reading/rows.ts';

/** So many sagas are projected; the others are copies of them, each from an hour before the last. */
const FIRST = { ended: 1_994, open: 75 };
const COPIES = 49;
/** Open ones are few: they are copied so often. */
const OPEN_COPIES = 3;
export const MANY = { ended: FIRST.ended * (1 + COPIES), open: FIRST.open * (1 + OPEN_COPIES) };

const HOUR_MS = 3_600_000;
/** Where the records of a copy begin in their partitions, beyond all that a topic of a test holds. */
const OFFSETS = 1_000_000;

/** Fills the tables of a console as it would have itself, about five records to a saga. */
export async function manySagas(databaseUrl: string): Promise<void> {
  const transactions = workConnection(connections(databaseUrl));
  const rows = sagasInRows(2_200, 1, { from: Date.now() - HOUR_MS, everyMs: 1_600 });
  await fill(transactions, await theChoreography(), first(rows));
  await transactions.close();
  // Indexes are made faster than they are kept up to date.
  const indexes = await query<{ name: string; made: string }>(
    databaseUrl,
    `SELECT indexname AS name, indexdef AS made FROM pg_indexes
      WHERE schemaname = 'public' AND tablename IN ('record', 'saga') AND indexname NOT LIKE '%_pkey'`,
  );
  await query(databaseUrl, indexes.map(({ name }) => `DROP INDEX ${name}`).join('; '));
  await query(databaseUrl, COPY);
  await query(databaseUrl, indexes.map(({ made }) => made).join('; '));
  for (const table of ['record', 'saga']) await query(databaseUrl, `VACUUM (ANALYZE) ${table}`);
}

/** As many as are wanted, at offsets that no record of a topic has. */
function first(rows: readonly RecordRow[]): readonly RecordRow[] {
  const left = { ...FIRST };
  const over = new Set(rows.filter(({ type }) => ENDS.has(type ?? '')).map(({ sagaId }) => sagaId));
  const wanted = new Set<string | null>();
  for (const sagaId of new Set(rows.map((row) => row.sagaId))) {
    const kind = over.has(sagaId) ? 'ended' : 'open';
    if (left[kind] === 0) continue;
    left[kind] -= 1;
    wanted.add(sagaId);
  }
  return rows
    .filter(({ sagaId }) => wanted.has(sagaId))
    .map((row) => ({ ...row, offset: String(Number(row.offset) + OFFSETS) }));
}

const ENDS: ReadonlySet<string> = new Set(['OrderConfirmed', 'OrderCancelled']);

// SQL, of the copy number n. Ids of today begin with 01.
const id = (column: string) => `(to_hex(16 + n) || substr(${column}::text, 3))`;
const moment = (column: string) => `${column} - n * interval '1 hour'`;
const iso = (column: string) => `to_char((${moment(column)}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const replaced = (text: string, old: string) =>
  `replace(${text}, coalesce(${old}::text, '-'), coalesce(${id(old)}, '-'))`;

/** Copies what was projected, under other ids and at other moments. What the stack has seen besides is no customer's of these. */
const COPY = `
  CREATE TEMP TABLE first_saga AS SELECT order_id AS saga_id, saga.* FROM saga WHERE customer_id LIKE 'c-%';
  CREATE TEMP TABLE first_record AS SELECT record.*, open FROM record JOIN first_saga USING (saga_id);
  CREATE TEMP TABLE copies AS SELECT n, n <= ${OPEN_COPIES} AS whole FROM generate_series(1, ${COPIES}) AS n;
  INSERT INTO record
  SELECT topic, partition, "offset" + n * ${OFFSETS}, ${moment('published_at')}, ${moment('said_at')}, ${replaced('key', 'saga_id')},
         type, owner, ${id('event_id')}::uuid, ${id('saga_id')}::uuid, ${id('causation_id')}::uuid, ${id('trace_id')}, depth, schema_id,
         is_event, ${replaced('payload::text', 'saga_id')}::jsonb,
         ${replaced(replaced('headers::text', 'saga_id'), 'event_id')}::jsonb, broken_code, broken_message, broken_hex, bytes
  FROM copies JOIN first_record ON copies.whole OR NOT open;
  INSERT INTO saga
  SELECT ${id('saga_id')}::uuid, open, style, outcome, customer_id, total, skus, ${moment('placed_at')}, ${moment('ended_at')},
         ${moment('since')}, ${id('trace_id')}, bytes,
         ${replaced('summary::text', 'saga_id')}::jsonb || jsonb_build_object('placedAt', ${iso('placed_at')},
           'endedAt', ${iso('ended_at')}, 'since', ${iso('since')}, 'traceId', ${id('trace_id')})
  FROM copies JOIN first_saga ON copies.whole OR NOT open`;
