import { setTimeout as sleep } from 'node:timers/promises';
import type { Stack } from '@troupe/embedded';
import type { HttpClient } from '../measure/http-client.ts';
import { countBy, percentile } from '../measure/statistics.ts';
import type { Target } from '../measure/target.ts';
import { pathOf, type Style } from './orders.ts';
import { said, type Word } from './readiness-words.ts';
import { paced } from './rounds.ts';

const LOOK_EVERY_MS = 500;

/** What orders came to that were placed while inventory was away. */
export interface Outage {
  readonly orders: number;
  readonly ends: Readonly<Record<string, number>>;
  readonly p50Ms: number;
  readonly longestMs: number;
  /** From when inventory was asked to start until it was ready. */
  readonly startMs: number;
  /** Answers of `/readyz` of order, one for each change; times since inventory was gone. */
  readonly readiness: readonly Word[];
}

export interface Away {
  readonly stack: Stack;
  readonly target: Target;
  readonly seconds: number;
}

/** Stops inventory with SIGTERM, places orders for `seconds`, and starts it again. */
export async function outage({ stack, target, seconds }: Away, style: Style): Promise<Outage> {
  const inventory = stack.child('inventory');
  await inventory.stop();
  const over = new AbortController();
  const words = listen(target.client, `${target.url}/readyz`, AbortSignal.any([target.signal, over.signal]));
  const back = sleep(seconds * 1_000, undefined, { signal: target.signal }).then(async () => {
    const asked = performance.now();
    await inventory.start();
    return performance.now() - asked;
  });
  const [placed, startMs] = await Promise.all([paced({ ...target, path: pathOf[style] }, seconds), back]);
  over.abort();
  return {
    orders: placed.results.length,
    ends: countBy(placed.results.map(({ end }) => end)),
    p50Ms: percentile(placed.latenciesMs, 50),
    longestMs: percentile(placed.latenciesMs, 100),
    startMs,
    readiness: said(await words),
  };
}

/** Looks at `/readyz` until the signal is aborted. */
async function listen(client: HttpClient, url: string, signal: AbortSignal): Promise<readonly Word[]> {
  const words: Word[] = [];
  const begun = performance.now();
  while (!signal.aborted) {
    const atMs = performance.now() - begun;
    const { status, body } = await client.get(url);
    const { reasons = {} } = body as { readonly reasons?: Readonly<Record<string, string>> };
    words.push({ atMs, status, reason: Object.values(reasons).join(' ') });
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
  return words;
}
