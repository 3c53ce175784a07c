import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Publisher } from '../../kafka/producer.ts';
import { fullJitter } from '../../process/backoff.ts';
import type { Readiness } from '../../process/readiness.ts';
import type { Log } from '../../telemetry/log.ts';
import { LiveConnection, type Queryable } from '../live-connection.ts';
import type { OutboxRecord } from '../outbox-record.ts';
import { Pending } from '../pending.ts';
import { RefusedRecords } from '../refused/refused-records.ts';
import { refusedRecordsTable } from '../refused/refused-records-table.ts';
import { REQUEST, request, send } from '../send.ts';
import { relayMetrics } from './metrics.ts';
import type { RelayObserver } from './observer.ts';
import { type RelayStanding, RelayStatus } from './status.ts';

export interface RelayOptions {
  /** The service's own database. The role of a logical relay needs the REPLICATION attribute. */
  readonly connectionString: string;
  /** `troupe_<service>_outbox`. Names the relay, and the replication slot of a logical one. */
  readonly slot: string;
  readonly topicPrefix: string;
  /** Not closed by the relay. */
  readonly publisher: Publisher;
  readonly readiness: Readiness;
  readonly log: Log;
  /** Default: the metrics of this process. */
  readonly observer?: RelayObserver;
  /** A relay that PostgreSQL has not heard of for so long loses its turn. Default: 15 s. */
  readonly silenceMs?: number;
  /** Rows are deleted when the broker has them, and not by a pruner. Default: false. */
  readonly deletesPublished?: boolean;
}

export interface RunningRelay {
  /**
   * Publishes what has been received, waiting at most `boundMs`, and lets the outbox go. Safe to call twice; never
   * rejects.
   */
  stop(boundMs?: number): Promise<void>;
  readonly standing: RelayStanding;
}

/** The time in which one relay, and no other, may publish the outbox. */
export interface RelayTurn {
  /** The connection that holds the lock. */
  readonly control: Queryable;
  /** Aborted when the relay is to stop: it finishes what it has, within its bound. */
  readonly stopping: AbortSignal;
  /** Aborted, with the reason, when the lock may be another's, or when a stop has taken its bound. */
  readonly over: AbortSignal;
  readonly status: RelayStatus;
  readonly observer: RelayObserver;
  /** The relay publishes: it is shown as active, and the next failure is the first one. */
  working(): void;
  /** What the broker refused for good, and what waits behind it. */
  readonly refusedRecords: RefusedRecords;
  /** Does what operators have asked for of what was refused; costs nothing while nothing is, or soon again. Not beside `publish`. */
  attend(): Promise<void>;
  /** Publishes records, in order, in requests that a broker takes. Rejects when the turn is over. */
  publish(records: readonly OutboxRecord[]): Promise<void>;
  /** What is still on its way to the broker when the turn ends: this relay's next turn waits for it, another's does not. */
  leave(request: Promise<void>): void;
  /** The same promise; rejects when the turn is over first. */
  unlessOver<T>(work: Promise<T>): Promise<T>;
  /** Returns early when the relay is to stop. */
  pause(ms: number): Promise<void>;
}

/** How often a relay that stands by looks whether it may have a turn. */
export const STAND_BY_MS = 1_000;
/** How often what is aside is looked at, while there is something: an operator may have asked for it. */
export const ATTEND_MS = 1_000;
const STOP_BOUND_MS = 5_000;
export const SILENCE_MS = 15_000;
const LOCK = `SELECT pg_try_advisory_lock(hashtext('troupe relay'), hashtext($1)) AS locked`;

/**
 * Gives a relay its turn, again and again, until it is stopped.
 *
 * - One has the turn, by an advisory lock of its connection; others take over within a second or so of its end, and
 *   within `silenceMs` when it was stopped without a word (SIGSTOP, a machine that is lost).
 * - A database that is away is waited out, for ever, with backoff.
 * - Two requests of one relay are never on their way at a time, also not of two turns.
 *
 * @param work one turn. Returns or throws when it cannot go on; it is then begun anew.
 */
export function runRelay(options: RelayOptions, work: (turn: RelayTurn) => Promise<void>): RunningRelay {
  const relay = new RelayLoop(options, work);
  const ended = relay.run();
  let stopped: Promise<void> | undefined;
  return {
    stop: (boundMs = STOP_BOUND_MS) => {
      stopped ??= relay.stop(boundMs, ended);
      return stopped;
    },
    get standing() {
      return relay.standing;
    },
  };
}

class RelayLoop {
  readonly #options: RelayOptions;
  readonly #work: (turn: RelayTurn) => Promise<void>;
  readonly #observer: RelayObserver;
  readonly #status: RelayStatus;
  readonly #stopping = new AbortController();
  readonly #bound = new AbortController();
  /** What is on its way to the broker. */
  #request: Promise<void> = Promise.resolve();
  /** Turns in a row in which nothing could be published. */
  #failures = 0;

  constructor(options: RelayOptions, work: (turn: RelayTurn) => Promise<void>) {
    this.#options = options;
    this.#work = work;
    this.#observer = options.observer ?? relayMetrics;
    this.#status = new RelayStatus(options);
  }

  get standing(): RelayStanding {
    return this.#status.standing;
  }

  async run(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#session();
      } catch (error) {
        if (!this.#stopped) this.#status.broken(error);
      }
      await this.#answered();
      this.#failures += 1;
      await this.#pause(fullJitter(this.#failures, 100, 3_000));
    }
  }

  async stop(boundMs: number, ended: Promise<void>): Promise<void> {
    this.#stopping.abort();
    const bound = setTimeout(() => this.#bound.abort(new Error('The relay was stopped.')), boundMs);
    await Promise.race([ended, sleep(2 * boundMs, undefined, { ref: false })]);
    clearTimeout(bound);
    this.#status.stopped();
  }

  get #stopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** Waits for the lock, and uses it, on one connection to the database. */
  async #session(): Promise<void> {
    const { connectionString, slot, silenceMs = SILENCE_MS } = this.#options;
    const control = await LiveConnection.open({ connectionString, silenceMs });
    try {
      while (!this.#stopped && !(await isLocked(control, slot))) {
        this.#status.standingBy();
        await this.#pause(STAND_BY_MS);
      }
      if (!this.#stopped) await this.#work(this.#turn(control, await this.#openRefusedRecords(control)));
    } finally {
      this.#observer.active(false);
      await control.close();
    }
  }

  #openRefusedRecords(control: LiveConnection): Promise<RefusedRecords> {
    const { topicPrefix, deletesPublished = false } = this.#options;
    return RefusedRecords.open({
      table: refusedRecordsTable(control, topicPrefix),
      deletesPublished,
      refused: (record, failure) => this.#status.recordRefused(record, failure),
      counted: (counts) => this.#observer.refusedRecords(counts),
    });
  }

  #turn(control: LiveConnection, refusedRecords: RefusedRecords): RelayTurn {
    const over = AbortSignal.any([control.lost, this.#bound.signal]);
    let attendedAt = Number.NEGATIVE_INFINITY;
    const unlessOver = <T>(work: Promise<T>): Promise<T> => firstOf(work, over);
    return {
      control,
      stopping: this.#stopping.signal,
      over,
      status: this.#status,
      observer: this.#observer,
      unlessOver,
      working: () => this.#working(),
      refusedRecords,
      attend: async () => {
        if (refusedRecords.isEmpty || performance.now() - attendedAt < ATTEND_MS) return;
        attendedAt = performance.now();
        await unlessOver(this.#onItsWay(refusedRecords.attend((records) => request(records, 0, this.#sending))));
      },
      publish: async (records) => {
        const pending = new Pending();
        for (const record of records) pending.add(record);
        while (pending.size > 0) {
          over.throwIfAborted();
          await unlessOver(
            this.#onItsWay(send(pending.take(REQUEST), pending.size, { ...this.#sending, refusedRecords })),
          );
        }
      },
      leave: (request) => {
        this.#request = request.catch(() => undefined);
      },
      pause: (ms) => this.#pause(ms),
    };
  }

  #working(): void {
    this.#status.active();
    this.#observer.active(true);
    this.#failures = 0;
  }

  get #sending() {
    return { publisher: this.#options.publisher, observer: this.#observer };
  }

  #onItsWay(sent: Promise<void>): Promise<void> {
    this.#request = sent.catch(() => undefined);
    return sent;
  }

  /** Waits for the broker's answer to what a turn has left on its way; not when the relay is to stop. */
  async #answered(): Promise<void> {
    await firstOf(this.#request, this.#stopping.signal).catch(() => undefined);
  }

  #pause(ms: number): Promise<void> {
    return sleep(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }
}

async function isLocked(control: Queryable, name: string): Promise<boolean> {
  const { rows } = await control.query<{ locked: boolean }>(LOCK, [name]);
  return rows[0]?.locked === true;
}

async function firstOf<T>(work: Promise<T>, over: AbortSignal): Promise<T> {
  // Nobody may be left to hear how it ends.
  work.catch(() => undefined);
  over.throwIfAborted();
  const done = new AbortController();
  const aborted = once(over, 'abort', { signal: done.signal }).then(() => Promise.reject(over.reason));
  try {
    return await Promise.race([work, aborted]);
  } finally {
    done.abort();
  }
}
