import { Child, type ChildSpec, type Surroundings } from './child.ts';
import { end } from './ending.ts';
import { startOf } from './identity.ts';
import { forget, running } from './pid-files.ts';

/** All processes of a stack, and the order in which they stop. */
export class Supervisor {
  readonly #surroundings: Surroundings;
  readonly #stages: Child[][] = [];
  readonly #children = new Map<string, Child>();
  readonly #stopping = new AbortController();
  readonly #atTheEnd: (() => Promise<void>)[] = [];
  #failure: { readonly error: unknown } | undefined;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** A process of a stage. Stages stop from the highest to the lowest; the processes of one stage stop together. */
  add(stage: number, spec: ChildSpec): Child {
    this.signal.throwIfAborted();
    const child = new Child(spec, this.#surroundings);
    this.#children.set(spec.name, child);
    this.#stages[stage] = [...(this.#stages[stage] ?? []), child];
    return child;
  }

  /** Aborted when the stack stops: nothing is added any more, and running starts give up. */
  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  child(name: string): Child {
    const child = this.#children.get(name);
    if (child === undefined)
      throw new Error(`There is no process ${name}; there are ${[...this.#children.keys()].join(', ')}.`);
    return child;
  }

  get children(): readonly Child[] {
    return [...this.#children.values()];
  }

  /** The first failure. Later ones follow from the stop that it causes. */
  firstFailure(error: unknown): unknown {
    this.#failure ??= { error };
    return this.#failure.error;
  }

  /** Something else to stop, after the processes. */
  atTheEnd(stop: () => Promise<void>): void {
    this.signal.throwIfAborted();
    this.#atTheEnd.push(stop);
  }

  /** Stops all that was started. Goes on when one part fails, and never rejects. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('The stack is being stopped.'));
    for (const stage of this.#stages.toReversed()) {
      await Promise.allSettled((stage ?? []).map((child) => child.stop()));
    }
    for (const stop of this.#atTheEnd.splice(0)) {
      await stop().catch((error: Error) => this.#surroundings.report.warn(error.message));
    }
  }
}

/**
 * Waits for all, and rejects with the first failure. That failure stops the stack at once, so that the others give up. The
 * promise settles when they have, so nothing runs on behind the caller's back.
 */
export async function allOf(supervisor: Supervisor, works: readonly Promise<unknown>[]): Promise<void> {
  try {
    await Promise.all(works);
  } catch (error) {
    const first = supervisor.firstFailure(error);
    await supervisor.stop();
    await Promise.allSettled(works);
    throw first;
  }
}

/** Ends the processes that a killed launcher left: only those whose pid and start time match their pid file. */
export async function endLeftovers({ dataDir, report }: Surroundings): Promise<void> {
  const left = running(dataDir);
  if (left.length === 0) return;
  const names = left.map(({ name, pid }) => `${name} (${pid})`).join(', ');
  report.warn(`An earlier start was killed and left processes behind: ${names}. They are stopped first.`);
  const ending = left.map(async ({ name, pid, start, stopSignals }) => {
    await end(pid, { signals: stopSignals, eachMs: 10_000, ended: () => startOf(pid) !== start });
    forget(dataDir, name);
  });
  await Promise.all(ending);
}
