import { setTimeout as sleep } from 'node:timers/promises';
import { query } from '@troupe/chassis/testing';
import { serviceNames } from '@troupe/embedded';
import type { Ground } from '../faults/ground.ts';
import { changed, elsewhere, ends, lagOf } from './elsewhere.ts';

/** What is not due for so long does not come in between. */
const FAR = "now() + interval '5 minutes'";
const APART_MS = 2_000;

/** Resolves when nothing moves any more, and the console has read everything. @throws Error that says what still moves */
export async function atRest(ground: Ground, withinMs: number): Promise<void> {
  const end = Date.now() + withinMs;
  for (;;) {
    const before = await elsewhere(ground);
    await sleep(APART_MS);
    const moves = [...(await moving(ground)), ...changed(before, await elsewhere(ground))];
    if (moves.length === 0) return;
    if (Date.now() > end) throw new Error(`It has not come to rest within ${withinMs} ms:\n${moves.join('\n')}`);
  }
}

async function moving(ground: Ground): Promise<readonly string[]> {
  const ofServices = await Promise.all(serviceNames.map((service) => movingIn(ground, service)));
  return [...ofServices.flat(), ...told(await behind(ground), 'records are not read by the console')];
}

async function movingIn(ground: Ground, service: (typeof serviceNames)[number]): Promise<readonly string[]> {
  const [tasks] = await ground.sql<Count>(service, `SELECT count(*)::int FROM chassis.task WHERE due_at < ${FAR}`);
  const answer = await fetch(`${ground.stack.addresses.serviceUrl(service)}/status`);
  const { stored } = (await answer.json()) as Status;
  const unread = await lagOf(ground, service);
  return [
    ...told(unread, `records are not read by ${service}`),
    ...told(tasks?.count, `calls and timers of ${service} are due`),
    ...told(
      stored === null || !stored.outbox.isKnown ? 1 : stored.outbox.unpublished,
      `events of ${service} wait in its outbox`,
    ),
  ];
}

/** How many records the topics have more than the console. */
async function behind(ground: Ground): Promise<number> {
  const inTopics = Object.values(await ends(ground)).reduce((sum, end) => sum + Number(end), 0);
  const [read] = await query<Count>(ground.databaseUrl('console'), 'SELECT count(*)::int FROM record');
  return inTopics - (read?.count ?? 0);
}

interface Count {
  readonly count: number;
}

interface Status {
  readonly stored: { readonly outbox: { readonly unpublished: number; readonly isKnown: boolean } } | null;
}

const told = (count: number | undefined, what: string): readonly string[] => (count === 0 ? [] : [`${count} ${what}`]);
