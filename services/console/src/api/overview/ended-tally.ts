import type { Sql } from '@troupe/chassis';
import type { Ended } from '../../board/tally.ts';
import { endedByMinute } from '../../store/ended-sagas.ts';

const MINUTE_MS = 60_000;
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

  async ended(): Promise<readonly Ended[]> {
    if (this.#now() - this.#countedAt >= FRESH_MS) {
      this.#counting ??= this.#count().finally(() => {
        this.#counting = undefined;
      });
      await this.#counting;
    }
    return this.#ended;
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
