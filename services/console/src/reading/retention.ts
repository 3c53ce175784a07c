import { setTimeout as sleep } from 'node:timers/promises';
import type { Background, Log, Sql } from '@troupe/chassis';
import { counter } from '@troupe/chassis/internal';
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

const BETWEEN_PASSES_MS = 60_000;
const BETWEEN_STEPS_MS = 50;

/**
 * Removes ended sagas with their records, oldest first, by age and by size, in small steps once a minute. An open saga is
 * kept, however old it is. A database that is away is waited out.
 */
export class Retention implements Background {
  readonly #parts: RetentionParts;
  readonly #stopping = new AbortController();
  #ended: Promise<void> | undefined;

  constructor(parts: RetentionParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#ended ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#ended;
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
    while (!this.#stopping.signal.aborted) {
      const done = await step();
      if (done.records === 0) break;
      sagas += done.sagas;
      records += done.records;
      removed.inc({ what: 'sagas', because }, done.sagas);
      removed.inc({ what: 'records', because }, done.records);
      if (done.sagas > 0 && done.sagas < SAGAS_A_STEP && because === 'age') break;
      await this.#pause(BETWEEN_STEPS_MS);
    }
    if (records > 0) this.#parts.log.info({ sagas, records, because }, 'removed what is kept no longer');
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      await this.pass().catch((error: unknown) =>
        this.#parts.log.warn({ err: error }, 'what is kept no longer cannot be removed now; trying again in a minute'),
      );
      await this.#pause(BETWEEN_PASSES_MS * (0.5 + Math.random()));
    }
  }

  #pause(ms: number): Promise<void> {
    return sleep(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }
}

const NOTHING: Removed = { sagas: 0, records: 0, bytes: 0 };
