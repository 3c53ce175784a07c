import { parentPort, workerData } from 'node:worker_threads';
import { PLANTED } from './bugs/bugs.ts';
import type { Strike } from './machine/faults.ts';
import { type Played, play } from './play.ts';
import { shrunk } from './shrink.ts';

/** Which seeds a worker plays: every `step`-th. */
export interface Share {
  readonly from: number;
  readonly until: number;
  readonly step: number;
  readonly bug: string | undefined;
}

export interface Failure {
  readonly seed: number;
  readonly wrongs: readonly string[];
  readonly strikes: readonly Strike[];
  readonly away: string | undefined;
  /** The strikes that the failure needs, and what goes wrong with these alone. */
  readonly shrunk: { readonly wrongs: readonly string[]; readonly strikes: readonly Strike[] };
}

/** What is told of one seed. */
export interface Told {
  readonly seen: readonly string[];
  readonly orders: number;
  readonly strikes: number;
  readonly failure: Failure | undefined;
}

const { from, until, step, bug } = workerData as Share;
// Refusals are errors too, and nobody looks at where they were made.
Error.stackTraceLimit = 0;
for (let seed = from; seed < until; seed += step) {
  const planted = bug === undefined ? undefined : PLANTED[bug]?.();
  const played = await play(seed, planted && { planted });
  const { seen, orders, strikes } = played;
  const failure = played.wrongs.length === 0 ? undefined : await failureOf(played);
  const told: Told = { seen: [...seen.keys()], orders, strikes: strikes.length, failure };
  parentPort?.postMessage(told);
}

async function failureOf(played: Played): Promise<Failure> {
  const { seed, wrongs, strikes, away } = played;
  const planted = bug === undefined ? undefined : PLANTED[bug]?.();
  const { wrongs: left, strikes: needed } = await shrunk(played, planted && { planted });
  return { seed, wrongs, strikes, away, shrunk: { wrongs: left, strikes: needed } };
}
