import type { Sql } from '../rules/database.ts';
import type { Log } from '../telemetry/log.ts';
import { counter } from '../telemetry/metrics.ts';
import { Passes } from './passes.ts';
import { type PruneStep, pruneStep } from './prune-step.ts';
import type { Pruning } from './prunings.ts';

const pruned = counter({
  name: 'troupe_retention_pruned_rows_total',
  help: 'Rows that were deleted because of their age.',
  labels: ['table'],
});

interface PrunerParts {
  readonly database: Sql;
  readonly prunings: readonly Pruning[];
  /** Asked before each step: whether rows of this table may be forgotten now. */
  readonly mayForget: (table: string) => boolean;
  readonly log: Log;
}

const ROWS_PER_STEP = 1_000;

/**
 * Deletes what is too old in small steps, once a minute. One process of a service does; a database that is away is
 * waited out.
 */
export class Pruner {
  readonly #parts: PrunerParts;
  readonly #passes: Passes;

  constructor(parts: PrunerParts) {
    this.#parts = parts;
    this.#passes = new Passes(
      () => this.#pass(),
      (error) => parts.log.warn({ err: error }, 'what is too old cannot be pruned now; trying again in a minute'),
    );
  }

  start(): void {
    this.#passes.start();
  }

  /** Resolves when the step under way, if any, is done. */
  stop(): Promise<void> {
    return this.#passes.stop();
  }

  async #pass(): Promise<void> {
    for (const pruning of this.#parts.prunings) if (!(await this.#prune(pruning))) return;
  }

  /** Returns whether it is this process that prunes. */
  async #prune(pruning: Pruning): Promise<boolean> {
    for (let rows = 0; ; await this.#passes.pause()) {
      const step = await this.#step(pruning);
      rows += step.pruned;
      if (step.pruned === ROWS_PER_STEP) continue;
      if (rows > 0) this.#parts.log.info({ table: pruning.table, rows }, 'pruned what was too old');
      return step.mine;
    }
  }

  async #step(pruning: Pruning): Promise<PruneStep> {
    const { database, mayForget } = this.#parts;
    if (this.#passes.stopping || !mayForget(pruning.table)) return { mine: true, pruned: 0 };
    const step = await pruneStep(database, pruning, ROWS_PER_STEP);
    pruned.inc({ table: pruning.table }, step.pruned);
    return step;
  }
}
