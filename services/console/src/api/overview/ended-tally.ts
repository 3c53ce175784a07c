import type { Sql } from '@troupe/chassis';
import type { SagaOutcome } from '../../contract/saga.ts';
import { endedByMinute } from '../../store/ended-sagas.ts';
import { MINUTE_MS, MINUTES } from './minutes.ts';

const HOUR = 60;
/** An event may come late, and a rebuild changes everything: the whole hour is counted again from time to time. */
const WHOLE_EVERY_MS = 30_000;
const RECENT = 3;

/** Sagas that ended in the last hour, by minute and outcome; counted at most once a second, whoever asks. */
export class EndedTally {
  readonly #sql: Sql;
  readonly #now: () => number;
  #byMinute = new Map<number, Record<SagaOutcome, number>>();
  #wholeAt = Number.NEGATIVE_INFINITY;
  #countedAt = Number.NEGATIVE_INFINITY;
  #counting: Promise<void> | undefined;

  constructor(sql: Sql, now: () => number) {
    this.#sql = sql;
    this.#now = now;
  }

  /** How many in the last hour, and in each of the last thirty minutes, oldest first. */
  async of(outcome: SagaOutcome): Promise<{ readonly count: number; readonly bars: readonly number[] }> {
    if (this.#now() - this.#countedAt >= 1_000) {
      this.#counting ??= this.#count().finally(() => {
        this.#counting = undefined;
      });
      await this.#counting;
    }
    const last = Math.floor(this.#now() / MINUTE_MS);
    const within = (minutes: number): readonly number[] =>
      Array.from({ length: minutes }, (_, at) => this.#byMinute.get(last - minutes + 1 + at)?.[outcome] ?? 0);
    return { count: within(HOUR).reduce((sum, count) => sum + count, 0), bars: within(MINUTES) };
  }

  async #count(): Promise<void> {
    const now = this.#now();
    const isWhole = now - this.#wholeAt >= WHOLE_EVERY_MS;
    const from = Math.floor(now / MINUTE_MS) - (isWhole ? HOUR : RECENT);
    const counted = await endedByMinute(this.#sql, from * MINUTE_MS);
    const kept = isWhole ? [] : [...this.#byMinute].filter(([minute]) => minute < from && minute > from - HOUR);
    this.#byMinute = new Map(kept);
    for (const { minute, outcome, count } of counted) {
      const both = this.#byMinute.get(minute) ?? { confirmed: 0, cancelled: 0 };
      both[outcome === 'confirmed' ? 'confirmed' : 'cancelled'] += count;
      this.#byMinute.set(minute, both);
    }
    this.#countedAt = now;
    if (isWhole) this.#wholeAt = now;
  }
}
