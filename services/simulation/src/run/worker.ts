import { parentPort, workerData } from 'node:worker_threads';
import { PLANTED_BUGS } from '../bugs/planted-bugs.ts';
import type { InjectedFault } from '../world/faults.ts';
import { runSeed, type SeedResult } from './run-seed.ts';
import { shrunk } from './shrink.ts';

/** The seeds that a worker runs: every `step`-th. */
export interface SeedRange {
  readonly from: number;
  readonly until: number;
  readonly step: number;
  readonly bug: string | undefined;
}

export interface Failure {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly injected: readonly InjectedFault[];
  readonly outage: string | undefined;
  /** The faults that the failure needs, and the violations with these alone. */
  readonly shrunk: { readonly violations: readonly string[]; readonly injected: readonly InjectedFault[] };
}

/** What a worker reports of one seed. */
export interface SeedReport {
  readonly seen: readonly string[];
  readonly orders: number;
  readonly injected: number;
  readonly failure: Failure | undefined;
}

const { from, until, step, bug } = workerData as SeedRange;
// Refusals are errors too; their stack traces cost time and nobody reads them.
Error.stackTraceLimit = 0;
for (let seed = from; seed < until; seed += step) {
  const plantedBug = bug === undefined ? undefined : PLANTED_BUGS[bug]?.();
  const result = await runSeed(seed, plantedBug && { plantedBug });
  const { seen, orders, injected } = result;
  const failure = result.violations.length === 0 ? undefined : await failureOf(result);
  const report: SeedReport = { seen: [...seen.keys()], orders, injected: injected.length, failure };
  parentPort?.postMessage(report);
}

async function failureOf(result: SeedResult): Promise<Failure> {
  const { seed, violations, injected, outage } = result;
  const plantedBug = bug === undefined ? undefined : PLANTED_BUGS[bug]?.();
  const { violations: left, injected: needed } = await shrunk(result, plantedBug && { plantedBug });
  return { seed, violations, injected, outage, shrunk: { violations: left, injected: needed } };
}
