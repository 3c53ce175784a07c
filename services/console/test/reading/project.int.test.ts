import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Log, Sql } from '@troupe/chassis';
import {
  type ClonedDatabase,
  cloneDatabase,
  connections,
  query,
  rowsReadBy,
  type WorkConnection,
  workConnection,
} from '@troupe/chassis/testing';
import { theChoreography } from '@troupe/choreography';
import type { Choreography } from '@troupe/choreography/graph';
import { type Changed, Changes } from '../../src/reading/changes.ts';
import { OtherProcesses } from '../../src/reading/other-processes.ts';
import { projectRows, type Summarize } from '../../src/reading/project.ts';
import { CountedTransactions } from '../../src/reading/rebuild/counted-transactions.ts';
import type { SagaSummary } from '../../src/saga/input.ts';
import { summarize } from '../../src/saga/summary/summarize.ts';
import { newestPlaces } from '../../src/store/newest-places.ts';
import type { RecordRow } from '../../src/store/record-row.ts';
import { recordsOfSagas } from '../../src/store/saga-events.ts';
import { drawn, sagasInRows } from './rows.ts';
import { shownRows } from './shown-rows.ts';

const log = { error: () => undefined } as unknown as Log;
let cloned: ClonedDatabase;
let transactions: WorkConnection;
let choreography: Choreography;
beforeAll(async () => {
  choreography = await theChoreography();
  cloned = await cloneDatabase('console');
  transactions = workConnection(connections(cloned.url));
});
afterAll(async () => {
  await transactions?.close();
  await cloned?.drop();
});
beforeEach(async () => {
  await query(cloned.url, 'TRUNCATE record, saga');
});

type Parts = Parameters<typeof projectRows>[0];
const parts = (over: Partial<Parts> = {}): Parts => ({
  transactions,
  choreography,
  summarize,
  changed: () => undefined,
  log,
  ...over,
});

const everything = () => shownRows(cloned.url);

/** What is read of every saga: its events, and where each of them stands again. */
async function eventsOfAll(rows: readonly RecordRow[]): Promise<ReadonlyMap<string, unknown>> {
  const ids = [...new Set(rows.flatMap(({ sagaId }) => sagaId ?? []))].sort();
  const found = await recordsOfSagas(transactions.single, ids);
  return new Map(found.map((saga) => [saga.orderId, saga] as const).sort(([one], [other]) => (one < other ? -1 : 1)));
}

async function project(rows: readonly RecordRow[], sizeOf: () => number, over: Partial<Parts> = {}): Promise<void> {
  let left = rows;
  while (left.length > 0) {
    const size = Math.max(1, sizeOf());
    await projectRows(parts(over), left.slice(0, size));
    left = left.slice(size);
  }
}

describe('records into rows', () => {
  it('come to the same rows in whatever order, split and repetition', async () => {
    const rows = sagasInRows(60, 7);
    await projectRows(parts(), rows);
    const once = await everything();
    const told = await eventsOfAll(rows);
    expect(once.length).toBeGreaterThan(rows.length);
    for (const seed of [1, 2, 3]) {
      await query(cloned.url, 'TRUNCATE record, saga');
      const random = drawn(seed);
      const again = rows.filter(() => random() < 0.2);
      const shuffled = [...rows, ...again].map((row) => ({ row, at: random() })).sort((a, b) => a.at - b.at);
      await project(
        shuffled.map(({ row }) => row),
        () => Math.floor(random() * 40),
      );
      expect(await everything()).toEqual(once);
      expect(await eventsOfAll(rows)).toEqual(told);
    }
  });

  it('take four statements for a batch, whatever its size', async () => {
    for (const count of [1, 10, 100]) {
      const counted = new CountedTransactions(transactions);
      await projectRows(parts({ transactions: counted }), sagasInRows(count, count));
      expect(counted).toMatchObject({ transactions: 1, statements: 4 });
    }
  });

  it('are the same when two processes share the partitions of each saga', async () => {
    const rows = sagasInRows(60, 11);
    await projectRows(parts(), rows);
    const alone = await everything();
    await query(cloned.url, 'TRUNCATE record, saga');
    const other = workConnection(connections(cloned.url));
    const [odd, even] = [rows.filter(({ topic }) => topic < 'o'), rows.filter(({ topic }) => topic >= 'o')];
    // Whoever reads first writes last: without a lock it would write what it has read before the other one added to it.
    const first = projectRows(parts({ transactions: savingLate(transactions) }), odd);
    await sleep(100);
    await Promise.all([first, project(even, () => 40, { transactions: other })]);
    await other.close();
    expect(await everything()).toEqual(alone);
  });

  it('keep a saga that no rule can tell, and the others with it', async () => {
    const rows = sagasInRows(3, 5);
    const [bad] = rows.map(({ sagaId }) => sagaId);
    const failing: Summarize = (events, map) => {
      if (events[0]?.key === bad) throw new TypeError('undefined is not a function');
      return summarize(events, map);
    };
    await projectRows(parts({ summarize: failing }), rows);
    const sagas = await query<{ id: string; open: boolean }>(cloned.url, 'SELECT order_id AS id, open FROM saga');
    expect(sagas).toHaveLength(3);
    expect(sagas.find(({ id }) => id === bad)).toMatchObject({ open: true });
  });

  it('are told after the commit, with the sagas that they are of', async () => {
    const told: Changed[] = [];
    const rows = sagasInRows(2, 3);
    await projectRows(parts({ changed: (changed) => told.push(changed) }), rows);
    expect(told).toHaveLength(1);
    expect(told[0]?.records).toHaveLength(rows.length);
    expect(told[0]?.sagas.map(({ orderId }) => orderId).sort()).toEqual(
      [...new Set(rows.map(({ sagaId }) => sagaId))].sort(),
    );
  });
});

describe('what another process of the console commits', () => {
  const rows = sagasInRows(40, 13);
  const [own, theirs] = [rows.filter(({ partition }) => partition < 3), rows.filter(({ partition }) => partition >= 3)];
  let changes: Changes;
  let others: OtherProcesses;
  let told: SagaSummary[];
  beforeEach(async () => {
    changes = new Changes();
    others = new OtherProcesses(transactions.single, changes);
    await others.begin();
    await projectRows(parts({ changed: (changed) => changes.committed(changed) }), own);
    told = [];
    changes.listen(({ sagas }) => told.push(...sagas));
  });

  const storedOf = async (of: readonly RecordRow[]): Promise<readonly SagaSummary[]> => {
    const ids = new Set(of.map(({ sagaId }) => sagaId));
    const stored = await query<{ summary: SagaSummary }>(cloned.url, 'SELECT summary FROM saga ORDER BY order_id');
    return stored.map(({ summary }) => summary).filter(({ orderId }) => ids.has(orderId));
  };
  const inOrder = (sagas: readonly SagaSummary[]) =>
    [...sagas].sort((one, other) => (one.orderId < other.orderId ? -1 : 1));

  it('is told once, as it stands, and not what this process has committed itself', async () => {
    expect([await others.look(), told]).toEqual([true, []]);
    await projectRows(parts(), theirs);
    expect(await others.look()).toBe(true);
    expect(told.length).toBeGreaterThan(10);
    expect(inOrder(told)).toEqual(await storedOf(theirs));
    told.length = 0;
    expect([await others.look(), told]).toEqual([true, []]);
  });

  it('does not take the place of what this process commits at the same time, and knows more of', async () => {
    await projectRows(parts(), theirs);
    const [saga] = await storedOf(theirs);
    const newer = { ...(saga as SagaSummary), eventCount: 99 };
    const { single } = transactions;
    const slow: Sql = {
      ...single,
      $executeRawUnsafe: (text, ...values) => single.$executeRawUnsafe(text, ...values),
      async $queryRawUnsafe<Found>(text: string, ...values: unknown[]): Promise<Found> {
        const found = await single.$queryRawUnsafe<Found>(text, ...values);
        if (text.includes('FROM saga')) changes.committed({ sagas: [newer], records: [] });
        return found;
      },
    };
    expect(await new OtherProcesses(slow, changes).look()).toBe(true);
    expect(told.length).toBeGreaterThan(10);
    expect(told.filter(({ orderId }) => orderId === newer.orderId)).toEqual([newer]);
  });

  it('is found by the primary key: a few rows a partition, however many there are', async () => {
    await projectRows(parts(), theirs);
    const { result, read } = await transactions.$transaction((tx) => rowsReadBy(tx, () => newestPlaces(tx)));
    const places = new Set(rows.map(({ topic, partition }) => `${topic}/${partition}`));
    expect(new Set(result.map(({ topic, partition }) => `${topic}/${partition}`))).toEqual(places);
    expect(read.record).toBeLessThanOrEqual(3 * places.size);
  });
});

/** Lets others work between the moment in which sagas are read and that in which they are written. */
function savingLate(from: WorkConnection): WorkConnection {
  return {
    ...from,
    $transaction: (work, options) =>
      from.$transaction((tx) => {
        const late: Sql = {
          pipelines: true,
          giveUp: (error) => tx.giveUp?.(error),
          $queryRawUnsafe: (text, ...values) => tx.$queryRawUnsafe(text, ...values),
          async $executeRawUnsafe(text, ...values) {
            if (text.includes('INSERT INTO saga')) await sleep(500);
            return tx.$executeRawUnsafe(text, ...values);
          },
        };
        return work(late);
      }, options),
  };
}
