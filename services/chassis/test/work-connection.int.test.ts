import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { together } from '../src/database.ts';
import type { WorkConnection } from '../src/store/work-connection.ts';
import { type ClonedDatabase, cloneDatabase, connections, query, workConnection } from '../src/testing/index.ts';

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
});
