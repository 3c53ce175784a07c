import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Sql } from '../src/database.ts';
import { statementNames } from '../src/store/statement-names.ts';
import { claim } from '../src/store/tasks.ts';
import { type ClonedDatabase, cloneDatabase } from '../src/testing/database.ts';
import { sqlOf } from './sql-of.ts';

let clone: ClonedDatabase;
let client: pg.Client;
let database: Sql;
beforeEach(async () => {
  clone = await cloneDatabase('payment');
  client = new pg.Client({ connectionString: clone.url });
  await client.connect();
  database = sqlOf(client, statementNames());
});
afterEach(async () => {
  await client.end();
  await clone.drop();
});

async function addDueCalls(count: number): Promise<void> {
  await client.query(
    `INSERT INTO task (id, kind, name, key, data, due_at, correlation_id, causation_id)
     SELECT gen_random_uuid(), 'call', 'Charge', at::text, '{}', now() - at * interval '1 millisecond', '', ''
     FROM generate_series(1, $1::int) AS at`,
    [count],
  );
  await client.query('ANALYZE task');
}

/** Rows of the table that this transaction has read. */
async function rowsRead(): Promise<number> {
  const { rows } = await client.query<{ read: number }>(
    `SELECT (seq_tup_read + idx_tup_fetch)::int AS read FROM pg_stat_xact_user_tables WHERE relname = 'task'`,
  );
  return rows[0]?.read ?? 0;
}

describe('a claim of due tasks', () => {
  it('reads as many rows beside twenty thousand as it takes, with a plan that does not know how many it will take', async () => {
    // As PostgreSQL does by itself from the sixth use of a kept statement on, when it thinks that it does no harm.
    await client.query('SET plan_cache_mode = force_generic_plan');
    await claim(database, 64);
    await addDueCalls(20_000);
    await client.query('BEGIN');
    const claimed = await claim(database, 64);
    const read = await rowsRead();
    await client.query('COMMIT');
    expect(claimed).toHaveLength(64);
    // Once to be found, and once more to be locked and to be changed.
    expect(read).toBeLessThanOrEqual(3 * 64);
  });

  it('leaves those of a name that is to rest', async () => {
    await addDueCalls(3);
    expect(await claim(database, 3, ['Charge'])).toEqual([]);
    expect(await claim(database, 3, ['Refund'])).toHaveLength(3);
  });

  it('takes the oldest first, no more than it is asked for, and leaves the others to be claimed at once', async () => {
    await addDueCalls(10);
    const keys = (tasks: readonly { readonly key: string }[]) => tasks.map(({ key }) => key).sort();
    expect(keys(await claim(database, 3))).toEqual(['10', '8', '9']);
    expect(keys(await claim(database, 100))).toEqual(['1', '2', '3', '4', '5', '6', '7']);
    expect(await claim(database, 3)).toEqual([]);
  });
});
