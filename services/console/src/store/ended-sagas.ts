import type { Sql } from '@troupe/chassis';
import type { SagaSummary } from '../saga/input.ts';
import type { SagaFilter } from './saga-filter.ts';

/** The place of an ended saga in its list: newest first. */
export interface EndedPlace {
  /** Milliseconds since 1970. */
  readonly endedAt: number;
  readonly orderId: string;
}

export interface EndedSaga extends EndedPlace {
  readonly summary: SagaSummary;
}

/** So many ended sagas behind a place, newest first. */
export async function endedSagas(
  sql: Sql,
  filter: SagaFilter,
  page: { readonly after: EndedPlace | undefined; readonly limit: number },
): Promise<readonly EndedSaga[]> {
  const { where, values } = conditions(filter);
  if (where === undefined) return [];
  const { after, limit } = page;
  const behind =
    after === undefined
      ? ''
      : `AND (ended_at, order_id) < (${values.add(momentOf(after.endedAt), 'timestamptz')}, ${values.add(after.orderId, 'uuid')})`;
  const rows = await sql.$queryRawUnsafe<{ order_id: string; ended_at: Date; summary: SagaSummary }[]>(
    `SELECT order_id, ended_at, summary FROM saga WHERE NOT open AND ${where} ${behind}
     ORDER BY ended_at DESC, order_id DESC LIMIT ${values.add(limit, 'int')}`,
    ...values.all,
  );
  return rows.map(({ order_id, ended_at, summary }) => ({ orderId: order_id, endedAt: ended_at.getTime(), summary }));
}

/** How many there are, counted up to `most`. */
export async function countEnded(sql: Sql, filter: SagaFilter, most: number): Promise<number> {
  const { where, values } = conditions(filter);
  if (where === undefined) return 0;
  const [found] = await sql.$queryRawUnsafe<{ count: number }[]>(
    `SELECT count(*)::int AS count FROM (SELECT 1 FROM saga WHERE NOT open AND ${where} LIMIT ${values.add(most, 'int')}) AS some`,
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

/** Of these sagas, open or ended, what the store has. */
export async function summariesOf(sql: Sql, orderIds: readonly string[]): Promise<readonly SagaSummary[]> {
  const rows = await sql.$queryRawUnsafe<{ summary: SagaSummary }[]>(
    'SELECT summary FROM saga WHERE order_id = ANY ($1::uuid[])',
    orderIds,
  );
  return rows.map(({ summary }) => summary);
}

const momentOf = (ms: number): string => new Date(ms).toISOString();

/** The values of a statement, by their numbers. */
class Values {
  readonly all: unknown[] = [];
  add(value: unknown, type: string): string {
    this.all.push(value);
    return `$${this.all.length}::${type}`;
  }
}

/** `where` is undefined when no ended saga can match. */
function conditions(filter: SagaFilter): { readonly where: string | undefined; readonly values: Values } {
  const values = new Values();
  const { state, cause, service, style, outcome, since, older, total, sku, customer, q } = filter;
  if (cause !== undefined || service !== undefined || state?.includes('done') === false) {
    return { where: undefined, values };
  }
  const all = ['true'];
  if (style !== undefined) all.push(`style = ${values.add(style, 'text')}`);
  if (outcome !== undefined) all.push(`outcome = ${values.add(outcome, 'text')}`);
  if (since !== undefined) all.push(`placed_at >= ${values.add(momentOf(since), 'timestamptz')}`);
  if (older !== undefined) all.push(`since <= ${values.add(momentOf(older), 'timestamptz')}`);
  if (total !== undefined) {
    all.push(`total BETWEEN ${values.add(total.from, 'bigint')} AND ${values.add(total.to, 'bigint')}`);
  }
  if (sku !== undefined) all.push(`skus @> ARRAY[${values.add(sku, 'text')}]`);
  if (customer !== undefined) all.push(`customer_id = ${values.add(customer, 'text')}`);
  if (q !== undefined) all.push(meaning(q, values));
  return { where: all.join(' AND '), values };
}

function meaning({ orderIds, range, end, traceId, word }: NonNullable<SagaFilter['q']>, values: Values): string {
  const any: string[] = [];
  if (orderIds.length > 0) any.push(`order_id = ANY (${values.add(orderIds, 'uuid[]')})`);
  if (range !== undefined) {
    any.push(`order_id BETWEEN ${values.add(range[0], 'uuid')} AND ${values.add(range[1], 'uuid')}`);
  }
  if (end !== undefined) any.push(`reverse(order_id::text) LIKE ${values.add(`${reversed(end)}%`, 'text')}`);
  if (traceId !== undefined) any.push(`trace_id = ${values.add(traceId, 'text')}`);
  if (word !== undefined) {
    any.push(`customer_id LIKE ${values.add(`${escaped(word)}%`, 'text')}`);
    any.push(`skus @> ARRAY[${values.add(word, 'text')}]`);
  }
  return `(${any.join(' OR ')})`;
}

const reversed = (text: string): string => [...text].reverse().join('');
const escaped = (text: string): string => text.replace(/[\\%_]/g, '\\$&');
