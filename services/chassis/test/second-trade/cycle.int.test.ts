import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { registerSchemas } from '@troupe/schemas';
import { fromStack } from '../../src/testing/stack.ts';
import { Topics } from '../kafka/real-kafka.ts';
import { eventually } from '../testing/eventually.ts';
import { events } from './cycle.ts';
import { dropped, ended, type Running, started, startedOn } from './processes.ts';

// Two processes on real Kafka, PostgreSQL and registry, whose events follow from one another for ever.

const LIMIT = 8;
const topics = new Topics();
const settings = { TOPIC_PREFIX: topics.prefix, EVENT_DEPTH_LIMIT: String(LIMIT) };
let ping: Running;
let pong: Running;
let onTopics: readonly Awaited<ReturnType<Topics['read']>>[];
let deadOfPong: Awaited<ReturnType<Topics['read']>>;

beforeAll(async () => {
  await topics.admin.connect();
  await registerSchemas({ registryUrl: fromStack('TEST_REGISTRY_URL'), events });
  const names = ['ping.events', 'pong.events', 'ping.dlq', 'pong.dlq'];
  const made: string[] = [];
  for (const name of names) made.push(await topics.create(name, name.endsWith('.dlq') ? 1 : 3));
  onTopics = await Promise.all(made.slice(0, 2).map((topic) => topics.read(topic)));
  deadOfPong = await topics.read(made[3] as string);
  [ping, pong] = await Promise.all([started('ping', settings), started('pong', settings)]);
});
afterAll(async () => {
  await Promise.all([ping, pong].map(({ child }) => ended(child)));
  await dropped('ping', ping.database);
  await dropped('pong', pong.database);
  await topics.close();
});

interface Letter {
  readonly id: string;
  readonly status: string;
  readonly error: { readonly code: string; readonly message: string };
  readonly outcome: { readonly kind: string; readonly reason: string | null } | null;
}
const lettersOfPong = async (): Promise<readonly Letter[]> => {
  const answer = await fetch(`${pong.url}/dead-letters?status=DEAD,HANDLED`);
  return ((await answer.json()) as { readonly items: readonly Letter[] }).items;
};
const open = async (): Promise<Letter> => {
  await eventually(async () => (await lettersOfPong()).some(({ status }) => status === 'DEAD'), 'a letter is open');
  return (await lettersOfPong()).find(({ status }) => status === 'DEAD') as Letter;
};

async function replay(asked: object): Promise<{ readonly outcomes: Readonly<Record<string, number>> }> {
  const answer = await fetch(`${pong.url}/dead-letters/replays`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-operator': 'ada' },
    body: JSON.stringify(asked),
  });
  expect(answer.status).toBeLessThan(300);
  return (await answer.json()) as { readonly outcomes: Readonly<Record<string, number>> };
}

/** Of the events of ping and of pong, once there are so many. */
async function depthsOf(count: number): Promise<readonly number[][]> {
  await eventually(() => onTopics.flat().length >= count, `${count} events are on their topics`);
  return onTopics.map((records) => records.map(({ headers }) => Number(headers?.ce_depth)));
}

describe('a cycle of events of two services', () => {
  it('stands still at the limit, and goes on to its end when it was broken and replayed', async () => {
    await fetch(`${ping.url}/matches`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    const first = await open();
    expect(first.error).toEqual({
      code: 'EVENT_LOOP',
      message: expect.stringMatching(
        /^Pinged has the depth 9 in the tree of causes, and EVENT_DEPTH_LIMIT is 8: .*replay/,
      ),
    });
    // The fifth ping is the ninth event.
    expect(await depthsOf(9)).toEqual([
      [1, 3, 5, 7, 9],
      [2, 4, 6, 8],
    ]);
    await eventually(() => deadOfPong.length === 1, 'the dead letter is on its topic');
    const [dead] = deadOfPong;
    expect([String(dead?.headers?.ce_depth), String(dead?.headers?.['x-error-class'])]).toEqual(['9', 'EVENT_LOOP']);

    // Not mended: it goes on for as long again, and no further.
    expect((await replay({ ids: [first.id], dryRun: true })).outcomes).toEqual({ applied: 1 });
    await replay({ ids: [first.id] });
    await eventually(async () => (await lettersOfPong()).length === 2, 'the cycle stands still again');
    expect(await depthsOf(17)).toEqual([
      [1, 3, 5, 7, 9, 3, 5, 7, 9],
      [2, 4, 6, 8, 2, 4, 6, 8],
    ]);

    // Mended.
    await ended(pong.child);
    pong = await startedOn(pong.database, 'mended pong', settings);
    await replay({ filter: { code: 'EVENT_LOOP' } });
    const settled = async () => (await lettersOfPong()).every(({ status }) => status === 'HANDLED');
    await eventually(settled, 'every letter is handled');
    expect((await lettersOfPong()).map(({ outcome }) => outcome)).toContainEqual({
      kind: 'ignored',
      reason: 'the match is over',
    });
    expect((await depthsOf(17)).flat()).toHaveLength(17);
  });
});
