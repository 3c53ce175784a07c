import type { Readiness } from '../../process/readiness.ts';
import type { Log } from '../../telemetry/log.ts';
import type { OutboxRecord } from '../outbox-record.ts';
import type { RefusedRecordFailure } from '../refused/refused-records-table.ts';

type State = 'starting' | 'active' | 'standing by' | 'refused' | 'recovering' | 'at risk' | 'broken' | 'stopped';

/** How a relay is doing, and since when. The reason is empty where it does what it should. */
export interface RelayStanding {
  readonly state: State;
  readonly reason: string;
  readonly since: Date;
}

/** Says how a relay is doing, at `/readyz` and in the log: each state once, not each attempt. */
export class RelayStatus {
  readonly #relay: { readonly slot: string; readonly readiness: Readiness; readonly log: Log };
  #standing: RelayStanding = { state: 'starting', reason: '', since: new Date() };

  constructor(relay: { readonly slot: string; readonly readiness: Readiness; readonly log: Log }) {
    this.#relay = relay;
  }

  get standing(): RelayStanding {
    return this.#standing;
  }

  active(): void {
    this.#works('active', 'the relay publishes the outbox');
  }

  standingBy(): void {
    this.#works('standing by', 'another relay is at work; standing by');
  }

  /** The slot must not be used; a person has to act. */
  refused(why: string): void {
    this.#fails('refused', why);
  }

  /** The slot was lost; the relay repairs that by itself. */
  recovering(cause: string, rows: number): void {
    const reason =
      `The replication slot ${this.#relay.slot} was lost (${cause}). Re-publishing the ${rows} rows that the outbox keeps, ` +
      'with a new slot: nothing is lost, and consumers drop what they have seen. There is nothing to do.';
    this.#fails('recovering', reason, { cause, rows });
  }

  recovered(): void {
    const { slot, log } = this.#relay;
    log.warn({ slot }, 'every row that the outbox keeps is published again; the new slot is used');
  }

  /** The relay cannot work for now, and tries again. */
  broken(error: unknown): void {
    const cause = error instanceof Error && error.message !== '' ? error.message : String(error);
    const reason =
      `The relay ${this.#relay.slot} cannot read the outbox (${cause}). ` +
      'Events wait there; it tries again by itself. Is PostgreSQL running?';
    this.#fails('broken', reason, { err: error });
  }

  /** PostgreSQL will soon remove write-ahead log that this slot needs. */
  atRisk(retainedBytes: number): void {
    const reason =
      `The replication slot ${this.#relay.slot} is about to be lost: it is behind by more than max_slot_wal_keep_size. ` +
      'Is Kafka away? When the slot is lost, the outbox is published again as a whole.';
    this.#fails('at risk', reason, { retainedBytes });
  }

  /** The service works on without it, so it stays ready; a person has to act. */
  recordRefused({ place, topic }: OutboxRecord, { code, message }: RefusedRecordFailure): void {
    const waits = place.outbox === 'outbox' ? ' Later events of its key wait behind it.' : '';
    const told =
      `Kafka refuses the record ${place.id} for ${topic} for good (${message}); it is set aside, and the relay goes on.` +
      `${waits} See /unpublished: mend the cause and retry it there, or discard it.`;
    this.#relay.log.error({ slot: this.#relay.slot, topic, ...place, code }, told);
  }

  stopped(): void {
    this.#relay.readiness.ok('relay');
    this.#becomes('stopped');
  }

  #works(state: State, message: string): void {
    const { slot, readiness, log } = this.#relay;
    readiness.ok('relay');
    if (this.#becomes(state)) log.info({ slot }, message);
  }

  #fails(state: State, reason: string, about: object = {}): void {
    const { slot, readiness, log } = this.#relay;
    readiness.notOk('relay', reason);
    if (this.#becomes(state, reason)) log[state === 'broken' ? 'warn' : 'error']({ slot, ...about }, reason);
  }

  #becomes(state: State, reason = ''): boolean {
    const { standing } = this;
    const isOther = state !== standing.state;
    if (!isOther && reason === standing.reason) return false;
    this.#standing = { state, reason, since: isOther ? new Date() : standing.since };
    return true;
  }
}
