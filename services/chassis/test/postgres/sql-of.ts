import type pg from 'pg';
import type { Sql } from '../../src/rules/database.ts';

const unnamed = () => '';

/** The runtime's statements on one connection of a test. @param nameOf under which one is kept prepared; empty: not kept. */
export function sqlOf(client: pg.Client, nameOf: (query: { readonly sql: string }) => string = unnamed): Sql {
  const run = (sql: string, values: unknown[]) => client.query({ name: nameOf({ sql }), text: sql, values });
  return {
    $queryRawUnsafe: async <Rows>(sql: string, ...values: unknown[]) => (await run(sql, values)).rows as Rows,
    $executeRawUnsafe: async (sql, ...values) => (await run(sql, values)).rowCount ?? 0,
  };
}
