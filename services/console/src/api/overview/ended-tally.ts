import type { Sql } from '@troupe/chassis';
import type { SagaOutcome } from '../../contract/saga.ts';
import { endedByMinute } from '../../store/ended-sagas.ts';
import { MINUTE_MS, MINUTES } from './levels.ts';

/** How many sagas ended in a minute, so many minutes after 1970. */
interface Ended {
  readonly minute: number;
  readonly outcome: string | null;
  readonly count: number;
}

const HOUR = 60;
/** An event may come late, and a rebuild changes everything: the whole hour is counted again from time to time. */
const WHOLE_EVERY_MS = 30_000;
const RECENT = 3;
const FRESH_MS = 1_000;

/** Sagas that ended in the last hour, by minute and outcome; counted at most once a second, whoever asks. */
export class EndedTally {
  readonly #sql: Sql;
  readonly #now: () => number;
  #ended: readonly Ended[] = [];
  #wholeAt = Number.NEGATIVE_INFINITY;
  #countedAt = Number.NEGATIVE_INFINITY;
  #counting: Promise<void> | undefined;

  constructor(sql: Sql, now: () => number) {
    this.#sql = sql;
    this.#now = now;
  }

  /** How many in the last hour, and in each of the last thirty minutes, oldest first. */
  async of(outcome: SagaOutcome): Promise<{ readonly count: number; readonly bars: readonly number[] }> {
    await this.#fresh();
    const own = this.#ended.filter((one) => one.outcome === outcome);
    const first = Math.floor(this.#now() / MINUTE_MS) - MINUTES + 1;
    const inMinute = (minute: number): number => own.find((one) => one.minute === minute)?.count ?? 0;
    return {
      count: own.reduce((sum, { count }) => sum + count, 0),
      bars: Array.from({ length: MINUTES }, (_, at) => inMinute(first + at)),
    };
  }

  async #fresh(): Promise<void> {
    if (this.#now() - this.#countedAt < FRESH_MS) return;
    this.#counting ??= this.#count().finally(() => {
      this.#counting = undefined;
    });
    await this.#counting;
  }

  async #count(): Promise<void> {
    const now = this.#now();
    const minute = Math.floor(now / MINUTE_MS);
    const isWhole = now - this.#wholeAt >= WHOLE_EVERY_MS;
    const from = minute - (isWhole ? HOUR - 1 : RECENT);
    const counted = await endedByMinute(this.#sql, from * MINUTE_MS);
    const before = this.#ended.filter((one) => one.minute < from && one.minute > minute - HOUR);
    this.#ended = [...(isWhole ? [] : before), ...counted];
    this.#countedAt = now;
    if (isWhole) this.#wholeAt = now;
  }
}
