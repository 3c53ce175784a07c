import type { Sql } from '@troupe/chassis';
import type { SagaSummary } from '../saga/input.ts';
import type { SagaFilter, Sought } from './saga-filter.ts';
import { momentOf, Values } from './values.ts';

/** The place of an ended saga in its list: newest first. */
export interface EndedPlace {
  /** Milliseconds since 1970. */
  readonly endedAt: number;
  readonly orderId: string;
}

export interface EndedSaga extends EndedPlace {
  readonly summary: SagaSummary;
}

interface Besides {
  /** These are listed elsewhere. */
  readonly besides?: readonly string[];
}

/** So many ended sagas behind a place, newest first. What is filtered by is read from indexes; rows only of what is shown. */
export async function endedSagas(
  sql: Sql,
  filter: SagaFilter,
  page: { readonly after: EndedPlace | undefined; readonly limit: number } & Besides,
): Promise<readonly EndedSaga[]> {
  const values = new Values();
  const all = conditions(filter, values, page.besides);
  if (all === undefined) return [];
  const { after, limit } = page;
  const behind =
    after &&
    `(ended_at, order_id) < (${values.add(momentOf(after.endedAt), 'timestamptz')}, ${values.add(after.orderId, 'uuid')})`;
  const wanted = matching(filter, {
    all: behind === undefined ? all : [...all, behind],
    values,
    columns: 'order_id, ended_at',
  });
  const rows = await sql.$queryRawUnsafe<{ order_id: string; ended_at: Date; summary: SagaSummary }[]>(
    `WITH wanted AS MATERIALIZED (
       SELECT order_id, ended_at FROM (${wanted}) AS matching
       ORDER BY ended_at DESC, order_id DESC LIMIT ${values.add(limit, 'int')})
     SELECT saga.order_id, saga.ended_at, saga.summary FROM wanted JOIN saga USING (order_id)
     ORDER BY wanted.ended_at DESC, wanted.order_id DESC`,
    ...values.all,
  );
  return rows.map(({ order_id, ended_at, summary }) => ({ orderId: order_id, endedAt: ended_at.getTime(), summary }));
}

/** How many there are, counted up to `most`. */
export async function countEnded(
  sql: Sql,
  filter: SagaFilter,
  most: number,
  besides?: readonly string[],
): Promise<number> {
  const values = new Values();
  const all = conditions(filter, values, besides);
  if (all === undefined) return 0;
  const counted = matching(filter, { all, values, columns: 'order_id' });
  const [found] = await sql.$queryRawUnsafe<{ count: number }[]>(
    `SELECT count(*)::int AS count FROM (${counted} LIMIT ${values.add(most, 'int')}) AS counted`,
    ...values.all,
  );
  return found?.count ?? 0;
}

/** How many ended in each minute from a moment on, by outcome. */
export async function endedByMinute(
  sql: Sql,
  from: number,
): Promise<readonly { readonly minute: number; readonly outcome: string | null; readonly count: number }[]> {
  return sql.$queryRawUnsafe(
    `SELECT floor(extract(epoch FROM ended_at) / 60)::float8 AS minute, outcome, count(*)::int AS count
     FROM saga WHERE NOT open AND ended_at >= $1::timestamptz GROUP BY 1, 2`,
    momentOf(from),
  );
}

/** Every open saga. */
export async function openSummaries(sql: Sql): Promise<readonly SagaSummary[]> {
  const rows = await sql.$queryRawUnsafe<{ summary: SagaSummary }[]>('SELECT summary FROM saga WHERE open');
  return rows.map(({ summary }) => summary);
}

/** What all of them fulfil; undefined when no ended saga can. */
function conditions(
  filter: SagaFilter,
  values: Values,
  besides: readonly string[] = [],
): readonly string[] | undefined {
  const { ids, state, back, cause, service, style, outcome, since, older, total, sku, customer } = filter;
  const isOpen = back === true || cause !== undefined || service !== undefined;
  if (isOpen || state?.includes('done') === false) return undefined;
  const all = ['NOT open'];
  if (besides.length > 0) all.push(`order_id <> ALL (${values.add(besides, 'uuid[]')})`);
  if (ids !== undefined) all.push(`order_id = ANY (${values.add(ids, 'uuid[]')})`);
  if (style !== undefined) all.push(`style = ${values.add(style, 'text')}`);
  if (outcome !== undefined) all.push(`outcome = ${values.add(outcome, 'text')}`);
  if (since !== undefined) all.push(`placed_at >= ${values.add(momentOf(since), 'timestamptz')}`);
  if (older !== undefined) all.push(`since <= ${values.add(momentOf(older), 'timestamptz')}`);
  if (total !== undefined) {
    all.push(`total BETWEEN ${values.add(total.from, 'bigint')} AND ${values.add(total.to, 'bigint')}`);
  }
  if (sku !== undefined) all.push(`skus @> ARRAY[${values.add(sku, 'text')}]`);
  if (customer !== undefined) all.push(`customer_id = ${values.add(customer, 'text')}`);
  return all;
}

interface Wanted {
  readonly all: readonly string[];
  readonly values: Values;
  readonly columns: string;
}

/** A text may mean several things, and each of them has an index: one look-up for each, put together. */
function matching({ q }: SagaFilter, { all, values, columns }: Wanted): string {
  const meanings = q === undefined ? [[]] : meaningsOf(q, values).map((meaning) => [meaning]);
  const lookUps = meanings.map((also) => `SELECT ${columns} FROM saga WHERE ${[...all, ...also].join(' AND ')}`);
  if (q === undefined) return lookUps.join();
  // OFFSET keeps the order of the list out of the look-up: it would be read whole, newest first, until enough is found.
  return lookUps.map((lookUp) => `(${lookUp} OFFSET 0)`).join(' UNION ');
}

function meaningsOf({ orderIds, range, end, traceId, word }: Sought, values: Values): readonly string[] {
  const any: string[] = [];
  if (orderIds.length > 0) any.push(`order_id = ANY (${values.add(orderIds, 'uuid[]')})`);
  if (range !== undefined) {
    any.push(`order_id BETWEEN ${values.add(range[0], 'uuid')} AND ${values.add(range[1], 'uuid')}`);
  }
  if (end !== undefined) any.push(begins('reverse(order_id::text)', reversed(end), values));
  if (traceId !== undefined) any.push(`trace_id = ${values.add(traceId, 'text')}`);
  if (word !== undefined) {
    any.push(begins('customer_id', word, values));
    any.push(`skus @> ARRAY[${values.add(word, 'text')}]`);
  }
  return any.length === 0 ? ['false'] : any;
}

/** LIKE with a parameter finds no index. The last character of Unicode stands for every way to go on. */
const begins = (column: string, text: string, values: Values): string =>
  `${column} ~>=~ ${values.add(text, 'text')} AND ${column} ~<~ ${values.add(`${text}\u{10ffff}`, 'text')}`;

const reversed = (text: string): string => [...text].reverse().join('');
