import { parentPort, workerData } from 'node:worker_threads';
import { BUGS } from '../bugs/bugs.ts';
import { type Proved, prove } from './prove.ts';
import type { Scenario } from './scenarios.ts';

/** What a worker is to do, and what it says. */
export interface Task {
  readonly scenario: Scenario;
  readonly most: number;
  readonly bug: string | undefined;
}
export type Said =
  | { readonly kind: 'progress'; readonly states: number; readonly depth: number }
  | { readonly kind: 'proved'; readonly proved: Proved };

const { scenario, most, bug } = workerData as Task;
const say = (said: Said): void => parentPort?.postMessage(said);
const change = bug === undefined ? undefined : BUGS[bug];
const proved = await prove(scenario, {
  most,
  ...(change && { change }),
  progress: (states, depth) => say({ kind: 'progress', states, depth }),
});
say({ kind: 'proved', proved });
