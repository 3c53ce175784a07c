import type { Log } from '../log.ts';
import type { Readiness } from '../readiness.ts';

type State = 'starting' | 'active' | 'standing by' | 'refused' | 'broken';

/** Says how a relay is doing, at `/readyz` and in the log: each state once, not each attempt. */
export class RelayStatus {
  readonly #slot: string;
  readonly #readiness: Readiness;
  readonly #log: Log;
  #state: State = 'starting';
  #reason = '';

  constructor({ slot, readiness, log }: { slot: string; readiness: Readiness; log: Log }) {
    this.#slot = slot;
    this.#readiness = readiness;
    this.#log = log;
  }

  active(): void {
    this.#readiness.ok('relay');
    if (this.#becomes('active')) this.#log.info({ slot: this.#slot }, 'the relay publishes the outbox');
  }

  standingBy(): void {
    this.#readiness.ok('relay');
    if (this.#becomes('standing by')) this.#log.info({ slot: this.#slot }, 'another relay has the slot; standing by');
  }

  /** The slot must not be used; a person has to act. */
  refused(why: string): void {
    this.#readiness.notOk('relay', why);
    if (this.#becomes('refused', why)) this.#log.error({ slot: this.#slot }, why);
  }

  /** The relay cannot work for now, and tries again. */
  broken(error: unknown): void {
    const cause = error instanceof Error && error.message !== '' ? error.message : String(error);
    const reason =
      `The relay cannot read the outbox through slot ${this.#slot} (${cause}). ` +
      'Events wait there; it tries again by itself. Is PostgreSQL running?';
    this.#readiness.notOk('relay', reason);
    if (this.#becomes('broken', reason)) this.#log.warn({ slot: this.#slot, err: error }, reason);
  }

  /** PostgreSQL will soon remove write-ahead log that this slot needs. */
  atRisk(retainedBytes: number): void {
    this.#log.error(
      { slot: this.#slot, retainedBytes },
      `The slot ${this.#slot} is about to be lost: it is behind by more than max_slot_wal_keep_size. Is Kafka away?`,
    );
  }

  stopped(): void {
    this.#readiness.ok('relay');
  }

  #becomes(state: State, reason = ''): boolean {
    const isNews = state !== this.#state || reason !== this.#reason;
    this.#state = state;
    this.#reason = reason;
    return isNews;
  }
}
