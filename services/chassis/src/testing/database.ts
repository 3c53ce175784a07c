import { randomBytes } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import type { Database, Sql } from '../rules/database.ts';
import { fromStack } from './stack.ts';

/** A database of one test (file), cloned from the migrated template of a service. */
export interface ClonedDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

export async function cloneDatabase(service: string): Promise<ClonedDatabase> {
  const admin = fromStack('TEST_POSTGRES_ADMIN_URL');
  const name = `test_${service}_${randomBytes(5).toString('hex')}`;
  await query(admin, `CREATE DATABASE ${name} TEMPLATE template_${service}`);
  const url = new URL(admin);
  url.pathname = `/${name}`;
  return { url: url.href, drop: async () => void (await query(admin, `DROP DATABASE ${name} WITH (FORCE)`)) };
}

/** The same with a client, made by the caller on the adapter given, which is disconnected when the database is dropped. */
export async function cloneWithClient<Db extends Database<Tx>, Tx extends Sql>(
  service: string,
  client: (adapter: PrismaPg) => Db,
): Promise<ClonedDatabase & { readonly database: Db }> {
  const { url, drop } = await cloneDatabase(service);
  const database = client(new PrismaPg({ connectionString: url }));
  return {
    url,
    database,
    async drop() {
      await database.$disconnect();
      await drop();
    },
  };
}

/** One statement on a connection of its own: what others can see. */
export async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Rows that were read, in whichever way, by table. */
export type RowsRead = Readonly<Record<string, number>>;

/** Does `work`, and says what was read for it in this transaction. */
export async function rowsReadBy<Result>(
  tx: Sql,
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly read: RowsRead }> {
  const before = await rowsRead(tx);
  const result = await work();
  const after = await rowsRead(tx);
  const read = Object.entries(after).map(([table, rows]) => [table, rows - (before[table] ?? 0)] as const);
  return { result, read: Object.fromEntries(read) };
}

/** Counts of earlier transactions of the connection may still be in it. */
async function rowsRead(tx: Sql): Promise<RowsRead> {
  const rows = await tx.$queryRawUnsafe<{ table: string; read: number }[]>(
    'SELECT relname AS table, (seq_tup_read + coalesce(idx_tup_fetch, 0))::int AS read FROM pg_stat_xact_user_tables',
  );
  return Object.fromEntries(rows.map(({ table, read }) => [table, read]));
}

/** Runs `work` in a transaction and says how many raw statements it sent. */
export async function statementsOf<Tx extends Sql>(
  database: Database<Tx>,
  work: (tx: Tx) => Promise<unknown>,
): Promise<number> {
  let statements = 0;
  await database.$transaction(async (tx) => {
    const counting = new Proxy(tx, {
      get(target, property) {
        if (property === '$queryRawUnsafe' || property === '$executeRawUnsafe') statements += 1;
        return Reflect.get(target, property, target);
      },
    });
    await work(counting);
  });
  return statements;
}
