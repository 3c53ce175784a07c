import type { Readiness } from '../../process/readiness.ts';
import type { Log } from '../../telemetry/log.ts';
import type { OutboxRecord } from '../outbox-record.ts';
import type { RefusedRecordFailure } from '../refused/refused-records-table.ts';

type State = 'starting' | 'active' | 'standing by' | 'refused' | 'recovering' | 'at risk' | 'broken';

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
    if (this.#becomes('standing by')) this.#log.info({ slot: this.#slot }, 'another relay is at work; standing by');
  }

  /** The slot must not be used; a person has to act. */
  refused(why: string): void {
    this.#readiness.notOk('relay', why);
    if (this.#becomes('refused', why)) this.#log.error({ slot: this.#slot }, why);
  }

  /** The slot was lost; the relay repairs that by itself. */
  recovering(cause: string, rows: number): void {
    const reason =
      `The replication slot ${this.#slot} was lost (${cause}). Re-publishing the ${rows} rows that the outbox keeps, ` +
      'with a new slot: nothing is lost, and consumers drop what they have seen. There is nothing to do.';
    this.#readiness.notOk('relay', reason);
    if (this.#becomes('recovering', reason)) this.#log.error({ slot: this.#slot, cause, rows }, reason);
  }

  recovered(): void {
    this.#log.warn({ slot: this.#slot }, 'every row that the outbox keeps is published again; the new slot is used');
  }

  /** The relay cannot work for now, and tries again. */
  broken(error: unknown): void {
    const cause = error instanceof Error && error.message !== '' ? error.message : String(error);
    const reason =
      `The relay ${this.#slot} cannot read the outbox (${cause}). ` +
      'Events wait there; it tries again by itself. Is PostgreSQL running?';
    this.#readiness.notOk('relay', reason);
    if (this.#becomes('broken', reason)) this.#log.warn({ slot: this.#slot, err: error }, reason);
  }

  /** PostgreSQL will soon remove write-ahead log that this slot needs. */
  atRisk(retainedBytes: number): void {
    const reason =
      `The replication slot ${this.#slot} is about to be lost: it is behind by more than max_slot_wal_keep_size. ` +
      'Is Kafka away? When the slot is lost, the outbox is published again as a whole.';
    this.#readiness.notOk('relay', reason);
    if (this.#becomes('at risk', reason)) this.#log.error({ slot: this.#slot, retainedBytes }, reason);
  }

  /** The service works on without it, so it stays ready; a person has to act. */
  recordRefused({ place, topic }: OutboxRecord, { code, message }: RefusedRecordFailure): void {
    const waits = place.outbox === 'outbox' ? ' Later events of its key wait behind it.' : '';
    const told =
      `Kafka refuses the record ${place.id} for ${topic} for good (${message}); it is set aside, and the relay goes on.` +
      `${waits} See /unpublished: mend the cause and retry it there, or discard it.`;
    this.#log.error({ slot: this.#slot, topic, ...place, code }, told);
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
