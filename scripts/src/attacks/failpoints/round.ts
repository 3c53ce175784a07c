import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Child, Stack } from '@troupe/embedded';
import { auditedAtRest, findingsOf } from '../../stack/audit-at-rest.ts';
import { Buyers } from '../buyers.ts';
import { type Case, stimulusOf } from './cases.ts';
import { askForReplay, finished, loseSlot, placeOrders } from './stimuli.ts';

/** What a case came to. */
export interface CaseResult extends Case {
  /** All of its round. */
  readonly orders: number;
  readonly seconds: number;
  /** What is wrong; empty when all is well. What an audit finds is told of every case of its round. */
  readonly faults: readonly string[];
}

const HIT_MS = 90_000;
/** How long there are only choreographed orders. */
const ALONE_MS = 3_000;
const REST_MS = 120_000;
/** A replay goes on when the lease of who died has run out. */
const REPLAY_MS = 120_000;

/**
 * Starts services so that each dies at a point, and brings them there. Their launcher starts them again without the point;
 * then every order must end, and an audit must find nothing. A round has one case of a service.
 */
export async function playRound(stack: Stack, cases: readonly Case[]): Promise<CaseResult[]> {
  const startedAt = performance.now();
  const buyers = new Buyers(() => stack.addresses.serviceUrl('order'));
  const victims = await Promise.all(cases.map((one) => armed(stack, one)));
  // Choreographed orders come first: an orchestrated one kills a service by its request, and no event is under way then.
  await placeOrders(buyers, false);
  await Promise.race([Promise.all(victims.map(dead)), sleep(ALONE_MS)]);
  await placeOrders(buyers, true);
  const faults = await Promise.all(victims.map((victim) => died(victim)));
  const refused = (await buyers.insist()).map(({ outcome }) => `an order was not accepted in the end: ${outcome}`);
  const shared = [...refused, ...findingsOf(await auditedAtRest(stack, REST_MS))];
  const orders = buyers.purchases.length;
  const seconds = (performance.now() - startedAt) / 1000;
  return cases.map((one, at) => ({ ...one, orders, seconds, faults: [...(faults[at] ?? []), ...shared] }));
}

interface Victim {
  readonly child: Child;
  /** Whether it has come to its point. */
  isDead(): boolean;
  /** The replay in which it is to die. */
  readonly replay: string | undefined;
}

async function armed(stack: Stack, { service, point }: Case): Promise<Victim> {
  const child = stack.child(service);
  const deaths = deathsOf(child, point);
  const before = deaths();
  await child.stop();
  if (stimulusOf(point) === 'lost slot') await loseSlot(stack, service);
  // It may die before it is ready.
  await child.start({ FAILPOINT: point }).catch(() => child.start());
  const replay = stimulusOf(point) === 'replay' ? await askForReplay(stack, service) : undefined;
  return { child, isDead: () => deaths() > before, replay };
}

async function dead({ isDead }: Victim): Promise<void> {
  const end = Date.now() + HIT_MS;
  while (!isDead() && Date.now() < end) await sleep(50);
}

/** Waits until it has died and is ready again. */
async function died(victim: Victim): Promise<string[]> {
  const { child, isDead, replay } = victim;
  await dead(victim);
  if (!isDead()) return ['the point was not reached'];
  await child.ready();
  if (replay === undefined || (await finished(replay, REPLAY_MS))) return [];
  return ['the replay was not finished'];
}

/** How often a service has died at a point so far: its last words are in its log. */
function deathsOf({ logFile }: Child, point: string): () => number {
  const words = `failpoint ${point}: this process ends itself`;
  return () => readFileSync(logFile, 'utf8').split(words).length - 1;
}
