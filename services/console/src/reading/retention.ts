import type { Background, Log, Sql } from '@troupe/chassis';
import { counter, Passes } from '@troupe/chassis/internal';
import { keptBytes, type Removed, removeEndedSagas, removeStrayRecords, SAGAS_A_STEP } from '../store/removal.ts';

const removed = counter({
  name: 'troupe_console_removed_total',
  help: 'Sagas and records that were removed from the projection, and why: their age, or its size.',
  labels: ['what', 'because'],
});

interface RetentionParts {
  readonly sql: Sql;
  /** How long an ended saga is kept; Infinity: for ever. */
  readonly ageMs: number;
  /** How many bytes of records are kept, as they came. */
  readonly bytes: number;
  readonly log: Log;
  readonly now?: () => number;
}

/**
 * Removes ended sagas with their records, oldest first, by age and by size, in small steps once a minute. An open saga is
 * kept, however old it is. A database that is away is waited out.
 */
export class Retention implements Background {
  readonly #parts: RetentionParts;
  readonly #passes: Passes;

  constructor(parts: RetentionParts) {
    this.#parts = parts;
    this.#passes = new Passes(
      () => this.pass(),
      (error) =>
        parts.log.warn({ err: error }, 'what is kept no longer cannot be removed now; trying again in a minute'),
    );
  }

  start(): void {
    this.#passes.start();
  }

  stop(): Promise<void> {
    return this.#passes.stop();
  }

  /** Until nothing is too old, and the rest is not too large. */
  async pass(): Promise<void> {
    const { sql, ageMs, bytes, now = Date.now } = this.#parts;
    if (Number.isFinite(ageMs)) {
      const before = now() - ageMs;
      await this.#whole('age', () => removeEndedSagas(sql, before));
      await this.#whole('age', () => removeStrayRecords(sql, before));
    }
    let excess = (await keptBytes(sql)) - bytes;
    if (excess <= 0) return;
    await this.#whole('size', async () => {
      if (excess <= 0) return NOTHING;
      const step = await removeEndedSagas(sql, undefined);
      excess -= step.bytes;
      return step;
    });
  }

  /** @param step removes a little, and nothing when there is no more */
  async #whole(because: 'age' | 'size', step: () => Promise<Removed>): Promise<void> {
    let [sagas, records] = [0, 0];
    while (!this.#passes.stopping) {
      const done = await step();
      if (done.records === 0) break;
      sagas += done.sagas;
      records += done.records;
      removed.inc({ what: 'sagas', because }, done.sagas);
      removed.inc({ what: 'records', because }, done.records);
      if (done.sagas > 0 && done.sagas < SAGAS_A_STEP && because === 'age') break;
      await this.#passes.pause();
    }
    if (records > 0) this.#parts.log.info({ sagas, records, because }, 'removed what is kept no longer');
  }
}

const NOTHING: Removed = { sagas: 0, records: 0, bytes: 0 };
