import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Proved } from './prove.ts';
import type { Scenario } from './scenarios.ts';
import type { Said, Task } from './worker.ts';

interface ProvingAll {
  readonly scenarios: readonly Scenario[];
  /** Stops a scenario after so many states. */
  readonly most: number;
  /** Name of a bug of BUGS that is planted. */
  readonly bug?: string | undefined;
  /** Default: one for each core. */
  readonly workers?: number | undefined;
  proved(proved: Proved): void;
  progress?(scenario: Scenario, states: number, depth: number): void;
}

/** Proves scenarios, a worker each, on all cores. A violation does not stop the others. */
export async function proveAll({
  scenarios,
  workers = availableParallelism(),
  ...proving
}: ProvingAll): Promise<readonly Proved[]> {
  const waiting = [...scenarios.entries()];
  const found: Proved[] = [];
  const next = async (): Promise<void> => {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
      const [at, scenario] = task;
      const proved = await inWorker(scenario, proving);
      found[at] = proved;
      proving.proved(proved);
    }
  };
  await Promise.all(Array.from({ length: workers }, next));
  return found;
}

function inWorker(scenario: Scenario, { most, bug, progress }: Omit<ProvingAll, 'scenarios'>): Promise<Proved> {
  return new Promise((resolve, reject) => {
    const task: Task = { scenario, most, bug };
    const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: task });
    worker.on('message', (said: Said) => {
      if (said.kind === 'proved') resolve(said.proved);
      else progress?.(scenario, said.states, said.depth);
    });
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`The worker of "${scenario.name}" ended with ${code}.`)));
  });
}
