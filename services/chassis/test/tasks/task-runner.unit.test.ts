import { describe, expect, it } from '@jest/globals';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { pino } from 'pino';
import { type Environment, realEnvironment } from '../../src/process/environment.ts';
import { Readiness } from '../../src/process/readiness.ts';
import { type Store, sqlStore } from '../../src/tables/store.ts';
import type { TaskRow } from '../../src/tables/tasks.ts';
import type { CallAnswer, Calls } from '../../src/tasks/calls.ts';
import { TaskRunner } from '../../src/tasks/task-runner.ts';

const task = (at: number): TaskRow => ({
  id: String(at),
  kind: 'call',
  name: 'Send',
  key: `order-${at}`,
  data: {},
  correlationId: `order-${at}`,
  causationId: '1',
  depth: 1,
  trace: {},
  attempts: 1,
});

/** Calls that take a little, each of its own length, so that they end one by one. */
const slow = {
  mayTry: false,
  isFull: false,
  resting: [],
  room: Number.POSITIVE_INFINITY,
  capacity: () => ({ take: () => true }),
  waitsForAnswers: () => false,
  perform: ({ id }: TaskRow): Promise<CallAnswer> =>
    new Promise((resolve) =>
      setTimeout(() => resolve({ outcome: 'yes', context: ROOT_CONTEXT }), 5 + (Number(id) % 256) / 4),
    ),
} as unknown as Calls;

describe('calls that wait for a free place', () => {
  it('are looked for many at a time, though places come free one by one', async () => {
    const due = Array.from({ length: 2_000 }, (_, at) => task(at));
    let looks = 0;
    const { runner, all } = runnerOf(due.length, {
      calls: slow,
      claim: async (_db, limit) => {
        looks += 1;
        return due.splice(0, limit);
      },
    });
    runner.start();
    await all;
    await runner.stop();
    expect(looks).toBeLessThan(2_000 / 32);
  });

  it('are looked for when their participant has places again, and not only at the next look', async () => {
    const due = Array.from({ length: 1_000 }, (_, at) => task(at));
    const timeless = { ...realEnvironment, after: () => () => undefined };
    const claim: Store['claim'] = async (_db, limit, except = []) =>
      except.includes('Send') ? [] : due.splice(0, limit);
    const { runner, all } = runnerOf(due.length, { calls: withPlaces(128), claim, environment: timeless });
    runner.start();
    let giveUp: NodeJS.Timeout | undefined;
    const stalled = new Promise<void>((resolve) => {
      giveUp = setTimeout(resolve, 3_000);
    });
    await Promise.race([all, stalled]);
    clearTimeout(giveUp);
    await runner.stop();
    expect(due).toEqual([]);
  });
});

describe('an answer that cannot take effect', () => {
  it('leaves its call to a person, and says why: nobody is making it', async () => {
    const released: unknown[] = [];
    const store: Store = {
      ...sqlStore,
      claim: async () => [],
      release: async (_db, { id }, { error, delayMs }) => void released.push({ id, error, delayMs }),
    };
    const runner = new TaskRunner({
      database: { $queryRawUnsafe: never, $executeRawUnsafe: never },
      sagaField: 'orderId',
      calls: slow,
      store,
      readiness: new Readiness(),
      log: pino({ level: 'silent' }),
      submit: async () => ({ kind: 'dead', code: 'SQLSTATE_23505', reason: 'the charge is of another order' }),
    });
    runner.begin([{ ...task(1), delayMs: 0, leased: true }]);
    await runner.stop();
    expect(released).toEqual([{ id: '1', error: 'SQLSTATE_23505: the charge is of another order', delayMs: 15_000 }]);
  });
});

/** A runner that takes its tasks from `claim`; `all` when so many have been done. */
function runnerOf(
  count: number,
  { claim, ...parts }: { calls: Calls; claim: Store['claim']; environment?: Environment },
) {
  let done = 0;
  const { promise: all, resolve: over } = withResolvers();
  const runner = new TaskRunner({
    database: { $queryRawUnsafe: never, $executeRawUnsafe: never },
    sagaField: 'orderId',
    ...parts,
    store: { ...sqlStore, claim },
    submit: async () => {
      done += 1;
      if (done === count) over();
      return { kind: 'applied' };
    },
    readiness: new Readiness(),
    log: pino({ level: 'silent' }),
  });
  return { runner, all };
}

/** Slow calls of one participant, which rests while all its places are taken. */
function withPlaces(count: number): Calls {
  let free = count;
  return {
    ...slow,
    get resting() {
      return free === 0 ? ['Send'] : [];
    },
    get room() {
      return free === 0 ? Number.POSITIVE_INFINITY : free;
    },
    get isFull() {
      return free === 0;
    },
    async perform(row: TaskRow) {
      free -= 1;
      try {
        return await slow.perform(row);
      } finally {
        free += 1;
      }
    },
  } as unknown as Calls;
}

const never = (): never => {
  throw new Error('nothing is asked of the database here');
};

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((fulfil) => {
    resolve = fulfil;
  });
  return { promise, resolve };
}
