import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connections } from '../../src/postgres/connections.ts';
import { type WorkConnection, workConnection } from '../../src/postgres/work-connection.ts';
import { claim } from '../../src/tables/tasks.ts';
import { type ClonedDatabase, cloneDatabase, query, rowsReadBy } from '../../src/testing/database.ts';

let clone: ClonedDatabase;
let work: WorkConnection;
beforeEach(async () => {
  clone = await cloneDatabase('payment');
  work = workConnection({ ...connections(clone.url), max: 1 });
});
afterEach(async () => {
  await work.close();
  await clone.drop();
});

const addDue = (name: string, count: number) =>
  query(
    clone.url,
    `INSERT INTO chassis.task (id, kind, name, key, data, due_at, correlation_id, causation_id)
     SELECT gen_random_uuid(), 'call', '${name}', at::text, '{}', now() - at * interval '1 millisecond', '', ''
     FROM generate_series(1, ${count}) AS at`,
  );

/** What was claimed, and how many rows were read for it. */
function claimCounted(limit: number, except?: readonly string[]) {
  return work.$transaction(async (tx) => {
    const { result: claimed, read } = await rowsReadBy(tx, () => claim(tx, limit, except));
    return { claimed, read: read.task };
  });
}

describe('a claim of due tasks beside twenty thousand, with a plan from when there was none', () => {
  beforeEach(async () => {
    // Rows that are gone leave a table of some pages and, for all that statistics say, of no rows.
    await addDue('Charge', 100);
    await query(clone.url, 'DELETE FROM chassis.task');
    await query(clone.url, 'VACUUM (ANALYZE, TRUNCATE FALSE) chassis.task');
    await claimCounted(64);
    await addDue('Charge', 20_000);
  });

  it('reads as many rows as it takes', async () => {
    const { claimed, read } = await claimCounted(64);
    expect(claimed).toHaveLength(64);
    // Once to be found, and once more to be locked and to be changed; two for the names.
    expect(read).toBeLessThanOrEqual(3 * 64 + 2);
  });

  it('reads none of those that are to rest, and finds what lies behind them', async () => {
    await addDue('RefundRetry', 1);
    const { claimed, read } = await claimCounted(64, ['Charge']);
    expect(claimed).toMatchObject([{ name: 'RefundRetry' }]);
    expect(read).toBeLessThanOrEqual(3 + 3);
  });

  it('takes the only one of another name before long', async () => {
    await addDue('RefundRetry', 1);
    const names = new Set<string>();
    // By chance one in two: never in forty is one in a million million.
    for (let look = 0; look < 40 && !names.has('RefundRetry'); look += 1) {
      for (const { name } of await claim(work.single, 64)) names.add(name);
    }
    expect(names).toContain('RefundRetry');
  });
});

describe('a claim of due tasks', () => {
  it('leaves those of a name that is to rest', async () => {
    await addDue('Charge', 3);
    expect(await claim(work.single, 3, ['Charge'])).toEqual([]);
    expect(await claim(work.single, 3, ['Refund'])).toHaveLength(3);
  });

  it('takes the oldest of a name first, no more than it is asked for, and leaves the others to be claimed at once', async () => {
    await addDue('Charge', 10);
    const keys = (tasks: readonly { readonly key: string }[]) => tasks.map(({ key }) => key).sort();
    expect(keys(await claim(work.single, 3))).toEqual(['10', '8', '9']);
    expect(keys(await claim(work.single, 100))).toEqual(['1', '2', '3', '4', '5', '6', '7']);
    expect(await claim(work.single, 3)).toEqual([]);
  });
});
