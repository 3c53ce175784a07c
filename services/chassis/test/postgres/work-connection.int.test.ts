import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { WorkConnection } from '../../src/postgres/work-connection.ts';
import { together } from '../../src/rules/database.ts';
import { type ClonedDatabase, cloneDatabase, connections, query, workConnection } from '../../src/testing/index.ts';

let clone: ClonedDatabase;
let work: WorkConnection;
beforeEach(async () => {
  clone = await cloneDatabase('inventory');
  await query(clone.url, 'CREATE TABLE note (text text PRIMARY KEY)');
  work = workConnection(connections(clone.url));
});
afterEach(async () => {
  await work.close();
  await clone.drop();
});

const insert = 'INSERT INTO note SELECT unnest($1::text[])';
const notes = async () =>
  (await query<{ text: string }>(clone.url, 'SELECT text FROM note ORDER BY text')).map(({ text }) => text);

describe('a transaction whose statements are sent together', () => {
  it('takes effect as a whole, in the order in which they were sent', async () => {
    const seen = await work.$transaction((tx) =>
      together(tx, [
        () => tx.$executeRawUnsafe(insert, ['a', 'b']),
        () => tx.$queryRawUnsafe<{ n: number }[]>('SELECT count(*)::int AS n FROM note'),
        () => tx.$executeRawUnsafe(insert, ['c']),
      ]),
    );
    expect(seen).toEqual([2, [{ n: 2 }], 1]);
    expect(await notes()).toEqual(['a', 'b', 'c']);
  });

  it('has no effect at all when one of them fails, and tells what failed first', async () => {
    const failing = work.$transaction((tx) =>
      together(tx, [
        () => tx.$executeRawUnsafe(insert, ['a']),
        () => tx.$executeRawUnsafe(insert, ['a']),
        () => tx.$executeRawUnsafe(insert, ['b']),
      ]),
    );
    await expect(failing).rejects.toMatchObject({ code: '23505' });
    expect(await notes()).toEqual([]);
  });

  it('tells what failed first, also when it was asked for by way of others, and later ones straight away', async () => {
    const deep = async (levels: number, last: () => Promise<unknown>): Promise<unknown> =>
      levels === 0 ? await last() : await deep(levels - 1, last);
    for (let time = 0; time < 20; time += 1) {
      const failing = work.$transaction((tx) =>
        together(tx, [
          () => deep(10, () => tx.$executeRawUnsafe(insert, ['a', 'a'])),
          () => tx.$executeRawUnsafe(insert, ['b']),
        ]),
      );
      await expect(failing).rejects.toMatchObject({ code: '23505' });
    }
  });

  it('lets no statement through that comes after the failure', async () => {
    let late: Promise<unknown> = Promise.resolve();
    const failing = work.$transaction((tx) =>
      together(tx, [
        async () => {
          await tx.$executeRawUnsafe(insert, ['a']);
          late = new Promise((resolve) => setTimeout(resolve, 50)).then(() => tx.$executeRawUnsafe(insert, ['late']));
          late.catch(() => undefined);
        },
        () => tx.$executeRawUnsafe('SELECT 1 / $1::int', 0),
      ]),
    );
    await expect(failing).rejects.toMatchObject({ code: '22012' });
    await expect(late).rejects.toMatchObject({ code: 'TRANSACTION_OVER' });
    expect(await notes()).toEqual([]);
  });

  it('is no success when a failure inside it was caught', async () => {
    const caught = work.$transaction(async (tx) => {
      await tx.$executeRawUnsafe(insert, ['a']);
      await tx.$executeRawUnsafe(insert, ['a']).catch(() => undefined);
    });
    await expect(caught).rejects.toMatchObject({ name: 'Retryable', code: 'ROLLED_BACK' });
    expect(await notes()).toEqual([]);
  });

  it('is followed by others on the same connection, whatever became of it', async () => {
    const pids = new Set<number>();
    for (const text of ['a', 'a', 'b', 'b', 'c']) {
      await work
        .$transaction(async (tx) => {
          const [row] = await tx.$queryRawUnsafe<{ pid: number }[]>('SELECT pg_backend_pid() AS pid');
          pids.add(row?.pid ?? 0);
          await tx.$executeRawUnsafe(insert, [text]);
        })
        .catch(() => undefined);
    }
    expect(await notes()).toEqual(['a', 'b', 'c']);
    expect(pids.size).toBe(1);
  });

  it('is committed with its last statements, and takes none behind them', async () => {
    let late: Promise<unknown> = Promise.resolve();
    await work.$transaction(async (tx) => {
      await tx.$executeRawUnsafe(insert, ['a']);
      const last = tx.$executeRawUnsafe(insert, ['b']);
      tx.complete?.();
      late = tx.$executeRawUnsafe(insert, ['late']);
      late.catch(() => undefined);
      await last;
    });
    await expect(late).rejects.toMatchObject({ code: 'TRANSACTION_OVER' });
    expect(await notes()).toEqual(['a', 'b']);
  });

  it('has no effect when one of the last statements fails, though COMMIT was sent with them', async () => {
    const failing = work.$transaction(async (tx) => {
      await tx.$executeRawUnsafe(insert, ['a']);
      const last = [tx.$executeRawUnsafe(insert, ['b']), tx.$executeRawUnsafe(insert, ['b'])];
      tx.complete?.();
      await Promise.all(last);
    });
    await expect(failing).rejects.toMatchObject({ code: '23505' });
    await work.$transaction((tx) => tx.$executeRawUnsafe(insert, ['c']));
    expect(await notes()).toEqual(['c']);
  });

  it('is committed once when nothing is left to be sent', async () => {
    await work.$transaction(async (tx) => {
      await tx.$executeRawUnsafe(insert, ['a']);
      tx.complete?.();
    });
    expect(await notes()).toEqual(['a']);
  });

  it('reads what PostgreSQL says as pg does: nulls, numbers, booleans, moments, JSON, arrays', async () => {
    const text = `SELECT NULL::text AS n, 1::int AS i, true AS b, '2026-11-26T00:00:00Z'::timestamptz AS t,
      '{"a":[1]}'::jsonb AS j, ARRAY['x','y"'] AS a, 12345678901::bigint AS big`;
    const row = {
      n: null,
      i: 1,
      b: true,
      t: new Date('2026-11-26'),
      j: { a: [1] },
      a: ['x', 'y"'],
      big: '12345678901',
    };
    for (let time = 0; time < 2; time += 1)
      expect(await work.$transaction((tx) => tx.$queryRawUnsafe(text))).toEqual([row]);
  });

  it('has no effect when a value cannot be sent, and the connection goes on', async () => {
    const unsendable = {
      toPostgres: () => {
        throw new TypeError('no text');
      },
    };
    const failing = work.$transaction((tx) =>
      together(tx, [
        () => tx.$executeRawUnsafe(insert, ['a']),
        () => tx.$executeRawUnsafe('SELECT $1::text', unsendable),
      ]),
    );
    await expect(failing).rejects.toThrow('no text');
    await work.$transaction((tx) => tx.$executeRawUnsafe(insert, ['b']));
    expect(await notes()).toEqual(['b']);
  });

  it('has no effect when something beside its statements fails in the turn in which COMMIT would go with them', async () => {
    const failing = work.$transaction((tx) =>
      together(tx, [
        () => tx.$executeRawUnsafe(insert, ['a']),
        async () => {
          await Promise.resolve();
          throw new TypeError('a mistake');
        },
        () => tx.$executeRawUnsafe(insert, ['b']),
        () => tx.complete?.(),
      ]),
    );
    await expect(failing).rejects.toThrow('a mistake');
    expect(await notes()).toEqual([]);
  });
});
