import type { Queryable } from './live-connection.ts';
import type { OutboxRecord } from './outbox-record.ts';
import type { OutboxTable } from './outbox-tables.ts';
import { notRefused } from './refused/refused-records-table.ts';

/** Rows of one table, in the order of their positions, and so in order along each key. */
export interface Page {
  readonly positions: readonly string[];
  readonly records: readonly OutboxRecord[];
}

/** Read at a time. A page has one row at least, however large it is. */
const PAGE = { rows: 5_000, bytes: 4_000_000 };

/** The next rows of a table that are not aside: behind `after`, or from its beginning. Empty when there are none. */
export async function readPage(
  connection: Queryable,
  table: OutboxTable,
  { topicPrefix, after }: { readonly topicPrefix: string; readonly after?: string | undefined },
): Promise<Page> {
  const { rows } = await connection.query<{ position: string }>(pageQuery(table, after));
  return {
    positions: rows.map(({ position }) => position),
    records: rows.map((row) => table.recordOf(row, topicPrefix)),
  };
}

/** Without parameters, which a replication connection does not take. */
function pageQuery({ name, bytes }: OutboxTable, after: string | undefined): string {
  const behind = after === undefined ? '' : `AND position > ${BigInt(after)}`;
  return `
    SELECT * FROM (
      SELECT *, row_number() OVER up_to AS row_of_page, sum(${bytes}) OVER up_to AS bytes_of_page
      FROM (SELECT * FROM chassis.${name} AS o WHERE ${notRefused(name, 'o')} ${behind} ORDER BY position LIMIT ${PAGE.rows}) AS next
      WINDOW up_to AS (ORDER BY position ROWS UNBOUNDED PRECEDING)
    ) AS measured
    WHERE row_of_page = 1 OR bytes_of_page <= ${PAGE.bytes}
    ORDER BY position`;
}
