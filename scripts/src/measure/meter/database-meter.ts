import { setTimeout as sleep } from 'node:timers/promises';
import { query } from '../../stack/database.ts';

/** What the databases of the services had done, at a moment. */
export interface DatabaseUse {
  readonly commits: number;
  /** Bytes in PostgreSQL's write-ahead log since it began. */
  readonly walBytes: number;
}

export interface DatabaseCosts {
  readonly transactionsPerSaga: number;
  readonly walBytesPerSaga: number;
}

/** An idle PostgreSQL process publishes its counters about once a second. */
const TOLD_MS = 1_500;

const USE = `
  SELECT (SELECT sum(xact_commit)::float8 FROM pg_stat_database WHERE datname LIKE 'troupe_%') AS commits,
         (pg_current_wal_lsn() - '0/0'::pg_lsn)::float8 AS "walBytes"`;

/** Reads what all databases of the services did together; reading is not counted. */
export async function databaseUse(adminUrl: string): Promise<DatabaseUse> {
  await sleep(TOLD_MS);
  const [use] = await query<DatabaseUse & Record<string, number>>(adminUrl, USE);
  return use as DatabaseUse;
}

export function databaseCosts(before: DatabaseUse, after: DatabaseUse, sagas: number): DatabaseCosts {
  return {
    transactionsPerSaga: (after.commits - before.commits) / sagas,
    walBytesPerSaga: (after.walBytes - before.walBytes) / sagas,
  };
}
