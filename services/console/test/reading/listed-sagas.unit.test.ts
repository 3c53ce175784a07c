import { describe, expect, it } from '@jest/globals';
import type { Log, Sql } from '@troupe/chassis';
import { Changes } from '../../src/reading/changes.ts';
import { ListedSagas } from '../../src/reading/listed-sagas.ts';
import type { SagaSummary } from '../../src/saga/input.ts';
import { at, PLACED, wellAt } from '../saga/story.ts';

const id = (last: number): string => `01a1fd37-64d9-7000-8000-${String(last).padStart(12, '0')}`;

/** Services list an event of each of these that waits in an outbox. */
const listing = (...sagas: readonly number[]) =>
  wellAt(PLACED, {
    order: {
      unpublished: sagas.map((last) => ({
        sagaId: id(last),
        eventId: id(last),
        type: 'OrderCreated',
        since: at(0),
        causationId: id(last),
        refused: null,
      })),
    },
  });

/** What was asked of the database, what the board has, and a database that answers when the test says so. */
function watched(answer: () => Promise<unknown[]> = async () => []) {
  const asked: unknown[] = [];
  const listed: (readonly string[])[] = [];
  const changes = new Changes();
  const sql = {
    $queryRawUnsafe: (_text: string, ids: unknown) => {
      asked.push(ids);
      return answer();
    },
  } as unknown as Sql;
  const log = { warn: () => undefined } as unknown as Log;
  const target = { list: (sagas: ReadonlyMap<string, unknown>) => void listed.push([...sagas.keys()]) };
  return { sagas: new ListedSagas({ sql, changes, target, log }), asked, listed, changes };
}

const moved = (last: number) => ({ sagas: [{ orderId: id(last) } as SagaSummary], records: [] });

describe('The sagas that services list', () => {
  it('are read once, in one statement, and again when they have moved', async () => {
    const { sagas, asked, listed, changes } = watched();
    await sagas.look(listing());
    expect(asked).toEqual([]);
    await sagas.look(listing(1, 2));
    await sagas.look(listing(1, 2));
    expect(asked).toEqual([[id(1), id(2)]]);
    changes.committed(moved(2));
    await sagas.look(listing(1, 2, 3));
    expect(asked.at(-1)).toEqual([id(2), id(3)]);
    await sagas.look(listing(3));
    expect(listed.at(-1)).toEqual([id(3)]);
  });

  it('that move while they are read are read again: what was read may be from before', async () => {
    let answered: (rows: unknown[]) => void = () => undefined;
    const { sagas, asked, listed, changes } = watched(
      () =>
        new Promise((resolve) => {
          answered = resolve;
        }),
    );
    const looking = sagas.look(listing(1, 2));
    changes.committed(moved(1));
    // A look that takes long is not joined by another.
    await sagas.look(listing(1, 2));
    answered([]);
    await looking;
    expect([asked.length, listed]).toEqual([1, [[id(2)]]]);
    const again = sagas.look(listing(1, 2));
    answered([]);
    await again;
    expect([asked.at(-1), listed.at(-1)]).toEqual([[id(1)], [id(2), id(1)]]);
  });

  it('are those that were known while the database does not answer', async () => {
    let isAway = false;
    const { sagas, listed } = watched(async () => {
      if (isAway) throw new Error('connect ECONNREFUSED');
      return [];
    });
    await sagas.look(listing(1));
    isAway = true;
    await sagas.look(listing(1, 2));
    expect(listed.at(-1)).toEqual([id(1)]);
    isAway = false;
    await sagas.look(listing(1, 2));
    expect(listed.at(-1)).toEqual([id(1), id(2)]);
  });
});
