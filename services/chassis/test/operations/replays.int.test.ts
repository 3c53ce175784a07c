import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { uuidv7 } from '../../src/process/ids.ts';
import { metrics } from '../../src/telemetry/metrics.ts';
import { problemOf } from '../http/shop.ts';
import { eventually } from '../testing/eventually.ts';
import { type Desk, openDesk } from './operator-desk.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
});
afterEach(() => desk.close());

interface Replay {
  readonly id: string;
  readonly status: 'RUNNING' | 'FINISHED';
  readonly total: number;
  readonly done: number;
  readonly rest: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly links: { readonly self: string; readonly messages: string };
}
interface Page {
  readonly items: readonly (Record<string, unknown> & { id: string })[];
  readonly nextCursor: string | null;
}

const many = (n: number) => Array.from({ length: n }, () => ({}));
const ask = (body: unknown, headers: Record<string, string> = {}) => desk.act('/dead-letters/replays', body, headers);
const FAST = { ratePerSecond: 1_000 };

async function asked(body: unknown): Promise<Replay> {
  const answer = await ask(body);
  if (answer.status !== 202) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Replay;
}
const progress = (id: string) => desk.get<Replay>(`/dead-letters/replays/${id}`);

async function finished(id: string): Promise<Replay> {
  await eventually(async () => (await progress(id)).status === 'FINISHED', `the end of replay ${id}`);
  return progress(id);
}
const refusal = async (body: unknown) => problemOf(await ask(body));
const nothingWritten = async () => {
  expect(await desk.query('SELECT 1 FROM chassis.dead_letter WHERE replay_id IS NOT NULL')).toEqual([]);
  expect(
    await desk.query('SELECT 1 FROM chassis.dead_letter_replay UNION ALL SELECT 1 FROM chassis.operator_act'),
  ).toEqual([]);
};

describe('a replay', () => {
  it('takes a thousand dead letters by filter, the oldest first, shows its progress and what each came to', async () => {
    const given = await desk.given(...many(1_000));
    await desk.given({ topic: 'other.events' }, { status: 'QUARANTINED' }, { status: 'PARKED' }, { status: 'HANDLED' });
    desk.deadLetters.outcomeOf = (id) => (given.indexOf(id) % 10 === 0 ? 'dead' : 'applied');

    const answer = await ask({ filter: { topic: 'order.events' }, reason: 'the schema is fixed', ...FAST });
    const replay = (await answer.json()) as Replay;
    expect(answer.status).toBe(202);
    expect(answer.headers.get('location')).toBe(`/dead-letters/replays/${replay.id}`);
    expect(replay).toMatchObject({
      status: 'RUNNING',
      operator: 'ada',
      reason: 'the schema is fixed',
      selection: { filter: { topic: 'order.events' } },
      total: 1_000,
      done: 0,
      rest: 1_000,
      outcomes: {},
      leftOut: { beyondLimit: 0, quarantined: 1, replaying: 0 },
    });

    const seen: number[] = [];
    desk.worker.start();
    await eventually(async () => {
      const { done, rest, status } = await progress(replay.id);
      expect(done + rest).toBe(1_000);
      seen.push(done);
      return status === 'FINISHED';
    }, 'the end of the replay');
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.some((done) => done > 0 && done < 1_000)).toBe(true);
    expect(desk.deadLetters.replayed).toEqual(given);
    expect(await progress(replay.id)).toMatchObject({ done: 1_000, rest: 0, outcomes: { applied: 900, dead: 100 } });

    const dead = await desk.get<Page>(`${replay.links.messages}?outcome=dead&limit=100`);
    expect(dead.items.map(({ id }) => id)).toEqual(given.filter((_, at) => at % 10 === 0));
    expect(dead.items[0]).toMatchObject({ outcome: 'dead', status: 'DEAD', topic: 'order.events' });
    expect((await desk.get<Page>('/dead-letters/replays')).items).toMatchObject([
      { id: replay.id, status: 'FINISHED' },
    ]);
    expect((await desk.get<Page>(`/operator-acts?target=${replay.id}`)).items).toMatchObject([
      { operator: 'ada', act: 'dead-letters.replay', reason: 'the schema is fixed', detail: { total: 1_000 } },
    ]);
    expect(await desk.get(`/dead-letters/${given[0]}`)).toMatchObject({
      inReplays: [{ replayId: replay.id, operator: 'ada', outcome: 'dead' }],
      acts: [{ act: 'dead-letters.replay', target: replay.id }],
    });
  });

  it('can be tried before: the dry run tells what each would come to, and writes nothing', async () => {
    const [a, b] = await desk.given({}, {});
    desk.deadLetters.outcomeOf = (id) => (id === a ? 'applied' : 'dead');
    const answer = await ask({ filter: { topic: 'order.events' }, dryRun: true }, { 'idempotency-key': 'k' });
    expect([answer.status, await answer.json()]).toEqual([
      200,
      {
        dryRun: true,
        total: 2,
        outcomes: { applied: 1, dead: 1 },
        leftOut: { beyondLimit: 0, quarantined: 0, replaying: 0 },
        items: [
          { id: a, outcome: 'applied' },
          { id: b, outcome: 'dead' },
        ],
      },
    ]);
    const nothing = await ask({ filter: { topic: 'none' }, dryRun: true });
    expect([nothing.status, await nothing.json()]).toMatchObject([200, { total: 0 }]);
    await nothingWritten();
    expect(await desk.query('SELECT 1 FROM chassis.idempotency_key')).toEqual([]);
  });

  it('takes no more than its limit, and tells how many are left', async () => {
    const given = await desk.given(...many(7));
    const replay = await asked({ filter: { status: 'DEAD' }, limit: 5, ...FAST });
    expect(replay).toMatchObject({ total: 5, leftOut: { beyondLimit: 2 } });
    desk.worker.start();
    await finished(replay.id);
    expect(desk.deadLetters.replayed).toEqual(given.slice(0, 5));
  });

  it('takes those in quarantine when it says so', async () => {
    const [, quarantined] = await desk.given({}, { status: 'QUARANTINED' });
    const replay = await asked({ filter: { status: 'QUARANTINED' }, includeQuarantined: true });
    desk.worker.start();
    await finished(replay.id);
    expect(desk.deadLetters.replayed).toEqual([quarantined]);
  });

  it('handles its dead letters in the order in which they were set aside, in whichever order they are named', async () => {
    const given = await desk.given(...many(5));
    const replay = await asked({ ids: [...given].reverse(), ...FAST });
    desk.worker.start();
    await finished(replay.id);
    expect(desk.deadLetters.replayed).toEqual(given);
  });

  it('keeps to its rate, spread over time', async () => {
    await desk.given(...many(60));
    desk.worker.start();
    const { id } = await asked({ filter: { status: 'DEAD' }, ratePerSecond: 40 });
    await finished(id);
    const { batches } = desk.deadLetters;
    expect(batches.map(({ size }) => size)).toEqual([10, 10, 10, 10, 10, 10]);
    const gaps = batches.slice(1).map(({ at }, before) => at - (batches[before]?.at ?? 0));
    // A busy machine may take some time between a turn and its note: single gaps tell less than all of them.
    expect(Math.min(...gaps)).toBeGreaterThan(150);
    expect(gaps.reduce((sum, gap) => sum + gap)).toBeGreaterThan(1_200);
  });

  it('begins at once when it was asked for in this process, and lets nothing wait behind a slow one', async () => {
    await desk.close();
    desk = await openDesk({ pollMs: 3_600_000 });
    await desk.given(...many(3), { code: 'URGENT' });
    desk.worker.start();
    const slow = await asked({ filter: { code: 'AVRO_BROKEN' }, ratePerSecond: 1 });
    const urgent = await asked({ filter: { code: 'URGENT' } });
    await finished(urgent.id);
    expect((await progress(slow.id)).status).toBe('RUNNING');
  });

  it('has what it frees released behind each of its turns', async () => {
    await desk.close();
    desk = await openDesk({ pollMs: 3_600_000 });
    await desk.given(...many(3));
    desk.worker.start();
    const turns: string[] = [];
    desk.deadLetters.before = async () => turns.push('replay');
    desk.deadLetters.release = async () => turns.push('release');
    const { id } = await asked({ filter: { status: 'DEAD' }, ratePerSecond: 10 });
    await finished(id);
    expect(turns.slice(turns.indexOf('replay')).join(' ')).toMatch(/^replay (release )+replay release$/);
  });
});

describe('a replay that is asked for by mistake', () => {
  it('is refused for a dead letter that nobody knows, by its id', async () => {
    const [known] = await desk.given({});
    const unknown = uuidv7();
    const problem = await refusal({ ids: [known, unknown] });
    expect(problem).toMatchObject({ status: 404, code: 'DEAD_LETTER_NOT_FOUND', errors: [{ field: '/ids/1' }] });
    expect(problem.detail).toContain(unknown);
    await nothingWritten();
  });

  it('is refused for what is settled, parked or in quarantine, each with its own code, in the dry run as well', async () => {
    for (const status of ['HANDLED', 'DISCARDED', 'PARKED', 'QUARANTINED']) {
      const ids = await desk.given({}, { status });
      for (const dryRun of [true, false]) {
        expect(await refusal({ ids, dryRun })).toMatchObject({ status: 409, code: `DEAD_LETTER_${status}` });
      }
    }
    await nothingWritten();
  });

  it('is refused for an empty filter, which says how to mean everything', async () => {
    const problem = await refusal({ filter: {} });
    expect(problem).toMatchObject({ status: 422, errors: [{ field: '/filter' }] });
    expect(problem.detail).toContain('{"status":"DEAD"}');
  });

  it('is refused when nothing would be replayed, and tells what the filter left out', async () => {
    await desk.given({ status: 'QUARANTINED', code: 'X' }, { status: 'HANDLED', code: 'X' });
    const problem = await refusal({ filter: { code: 'X' } });
    expect(problem).toMatchObject({ status: 409, code: 'NOTHING_TO_REPLAY' });
    expect(problem.detail).toContain('1 in quarantine');
    await nothingWritten();
  });

  it('is told for one that does not exist', async () => {
    for (const path of ['', '/messages']) {
      const answer = await desk.shop.fetch(`/dead-letters/replays/${uuidv7()}${path}`);
      expect(await problemOf(answer)).toMatchObject({ status: 404, code: 'REPLAY_NOT_FOUND' });
    }
  });
});

describe('the same replay asked twice', () => {
  it('is one replay when it comes with the same Idempotency-Key', async () => {
    await desk.given(...many(3));
    const body = { filter: { status: 'DEAD' } };
    const first = await ask(body, { 'idempotency-key': 'k' });
    const again = await ask(body, { 'idempotency-key': 'k' });
    expect([again.status, again.headers.get('location'), await again.json()]).toEqual([
      202,
      first.headers.get('location'),
      await first.json(),
    ]);
    expect((await desk.get<Page>('/dead-letters/replays')).items).toHaveLength(1);
    expect((await desk.get<Page>('/operator-acts')).items).toHaveLength(1);
  });

  it('is refused without one while the first runs, by its name; a filter leaves its dead letters out', async () => {
    const given = await desk.given(...many(3));
    const { id } = await asked({ ids: given });
    const problem = await refusal({ ids: given });
    expect(problem).toMatchObject({ status: 409, code: 'REPLAY_RUNNING' });
    expect(problem.detail).toContain(id);
    expect((await refusal({ filter: { status: 'DEAD' } })).detail).toContain('3 in a replay that has not finished');
    await desk.given({});
    expect(await asked({ filter: { status: 'DEAD' } })).toMatchObject({ total: 1, leftOut: { replaying: 3 } });
    const discard = await problemOf(await desk.act(`/dead-letters/${given[0]}/discard`, { reason: 'x' }));
    expect(discard).toMatchObject({ status: 409, code: 'REPLAY_RUNNING' });
  });

  it('at the same moment, a dead letter is in one of them only', async () => {
    const given = await desk.given(...many(50));
    const byIds = await Promise.all(Array.from({ length: 6 }, () => ask({ ids: given })));
    expect(byIds.map(({ status }) => status).sort()).toEqual([202, 409, 409, 409, 409, 409]);
    await desk.given(...many(50));
    const byFilter = await Promise.all(Array.from({ length: 6 }, () => ask({ filter: { status: 'DEAD' }, limit: 20 })));
    const totals = await Promise.all(byFilter.map(async (answer) => ((await answer.json()) as Replay).total ?? 0));
    expect(totals.reduce((sum, total) => sum + total)).toBe(50);
    const twice = 'SELECT letter_id FROM chassis.dead_letter_replay_item GROUP BY letter_id HAVING count(*) > 1';
    expect(await desk.query(twice)).toEqual([]);
  });
});

describe('the worker of replays', () => {
  /** As if the lease had run out. */
  const leaseEnds = (id: string) =>
    desk.query(
      `UPDATE chassis.dead_letter_replay SET leased_until = now() - interval '1 ms' WHERE id = '${id}' RETURNING 1`,
    );

  it('goes on where a process was that died in the middle: each dead letter is handled once', async () => {
    const given = await desk.given(...many(100));
    let turns = 0;
    const stuck = new Promise<void>((resolve) => {
      desk.deadLetters.before = async () => {
        turns += 1;
        if (turns !== 3) return;
        resolve();
        await new Promise(() => undefined);
      };
    });
    const { id } = await asked({ filter: { status: 'DEAD' }, ratePerSecond: 100 });
    desk.worker.start();
    await stuck;
    expect((await progress(id)).done).toBe(50);
    await leaseEnds(id);
    desk.another().start();
    expect(await finished(id)).toMatchObject({ done: 100, outcomes: { applied: 100 } });
    expect(desk.deadLetters.replayed).toEqual(given);
  });

  it('leaves a replay to the process that has taken it', async () => {
    await desk.given(...many(100));
    const { id } = await asked({ filter: { status: 'DEAD' }, ratePerSecond: 100 });
    let turns = 0;
    desk.deadLetters.before = async () => {
      turns += 1;
      if (turns === 2) {
        await desk.query(
          `UPDATE chassis.dead_letter_replay SET leased_until = now() + interval '1 hour' WHERE id = '${id}' RETURNING 1`,
        );
      }
    };
    desk.worker.start();
    await eventually(() => desk.deadLetters.replayed.length === 50, 'two turns');
    await desk.worker.stop();
    const theirs = `SELECT 1 FROM chassis.dead_letter_replay WHERE leased_until > now() + interval '30 minutes'`;
    expect(await desk.query(theirs)).toHaveLength(1);
    expect([turns, (await progress(id)).done]).toEqual([2, 50]);
  });

  it('shares the replays with the other instances: no dead letter is handled by two', async () => {
    const given = await desk.given(...many(200).map((_, n) => ({ code: `C${n % 4}` })));
    for (const code of ['C0', 'C1', 'C2', 'C3']) await asked({ filter: { code }, ratePerSecond: 500 });
    for (const worker of [desk.worker, desk.another(), desk.another()]) worker.start();
    await eventually(() => desk.deadLetters.replayed.length >= 200, 'all dead letters');
    expect([...desk.deadLetters.replayed].sort()).toEqual([...given].sort());
  });

  it('stops in order: what it handles is finished, and another goes on at once', async () => {
    const given = await desk.given(...many(100));
    const { id } = await asked({ filter: { status: 'DEAD' }, ratePerSecond: 100 });
    const begun = new Promise<void>((resolve) => {
      desk.deadLetters.before = async () => resolve();
    });
    desk.worker.start();
    await begun;
    await desk.worker.stop();
    expect(await progress(id)).toMatchObject({ status: 'RUNNING', done: 25 });
    const before = performance.now();
    desk.another().start();
    await eventually(() => desk.deadLetters.replayed.length > 25, 'the next turn');
    // It was given back: nobody waits for its lease of 15 s to run out.
    expect(performance.now() - before).toBeLessThan(10_000);
    await finished(id);
    expect(desk.deadLetters.replayed).toEqual(given);
  });

  it('goes on by itself after a failure', async () => {
    await desk.given({});
    const { id } = await asked({ filter: { status: 'DEAD' } });
    const failed = new Promise<void>((resolve) => {
      desk.deadLetters.before = async () => {
        desk.deadLetters.before = async () => undefined;
        resolve();
        throw new Error('the connection broke');
      };
    });
    desk.worker.start();
    await failed;
    await leaseEnds(id);
    expect(await finished(id)).toMatchObject({ outcomes: { applied: 1 } });
  });

  it('skips a dead letter that was settled otherwise, and says so: a replay always ends', async () => {
    const [a, b] = await desk.given({}, {});
    const { id } = await asked({ ids: [a, b] });
    await desk.query(
      `UPDATE chassis.dead_letter SET status = 'HANDLED', replay_id = NULL, settled_at = now() WHERE id = '${a}' RETURNING 1`,
    );
    desk.worker.start();
    expect(await finished(id)).toMatchObject({ done: 2, outcomes: { applied: 1, skipped: 1 } });
    expect(desk.deadLetters.replayed).toEqual([b]);
  });

  it('measures what is set aside, and what replays came to', async () => {
    const [dead] = await desk.given({ receivedAt: new Date(Date.now() - 3_600_000).toISOString() });
    await desk.given({ status: 'PARKED' }, { status: 'PARKED' }, { status: 'QUARANTINED' }, { status: 'HANDLED' });
    const value = async (name: string, label: string) =>
      (await metrics.getSingleMetric(name)?.get())?.values.find(({ labels }) => Object.values(labels).includes(label))
        ?.value ?? 0;
    desk.worker.start();
    const open = (status: string) => value('troupe_dead_letters_open', status);
    await eventually(async () => (await open('PARKED')) === 2, 'the gauge');
    expect([await open('DEAD'), await open('QUARANTINED')]).toEqual([1, 1]);
    expect(await value('troupe_dead_letters_oldest_seconds', 'DEAD')).toBeGreaterThan(3_599);

    const before = await value('troupe_dead_letters_replayed_total', 'applied');
    await finished((await asked({ ids: [dead] })).id);
    expect(await value('troupe_dead_letters_replayed_total', 'applied')).toBe(before + 1);
    await eventually(async () => (await open('DEAD')) === 0, 'the gauge');
    expect(await value('troupe_dead_letters_oldest_seconds', 'DEAD')).toBe(0);
  });
});
