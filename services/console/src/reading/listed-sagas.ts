import type { Log, Sql } from '@troupe/chassis';
import type { SagaEvent } from '../contract/event.ts';
import { sagasListed } from '../saga/diagnosis/of-saga.ts';
import type { Facts } from '../saga/input.ts';
import { recordsOfSagas } from '../store/saga-events.ts';
import type { Changes } from './changes.ts';

export interface ListedSagasParts {
  readonly sql: Sql;
  readonly changes: Changes;
  /** Whoever judges them: these are all that services list now, each with its events on topics. */
  readonly target: { list(sagas: ReadonlyMap<string, readonly SagaEvent[]>): void };
  readonly log: Log;
}

/** More of them are judged from their summaries, as those that nobody lists. */
const MOST = 500;

/**
 * Holds the events of the sagas that services list: of these a summary does not tell enough. Some stand in an outbox alone, and
 * some have ended while something of them hangs.
 */
export class ListedSagas {
  readonly #parts: ListedSagasParts;
  readonly #known = new Map<string, readonly SagaEvent[]>();
  /** What was committed while some are being read: the read may be from before. */
  #meanwhile: Set<string> | undefined;

  constructor(parts: ListedSagasParts) {
    this.#parts = parts;
    parts.changes.listen(({ sagas }) => {
      for (const { orderId } of sagas) {
        this.#known.delete(orderId);
        this.#meanwhile?.add(orderId);
      }
    });
  }

  /** One statement, and none while services list what they listed before. Never twice at once, and never fails. */
  async look(facts: Facts): Promise<void> {
    if (this.#meanwhile !== undefined) return;
    const listed = new Set([...sagasListed(facts)].slice(0, MOST));
    for (const orderId of this.#known.keys()) if (!listed.has(orderId)) this.#known.delete(orderId);
    const unknown = [...listed].filter((orderId) => !this.#known.has(orderId));
    try {
      if (unknown.length > 0) await this.#read(unknown);
    } catch (error) {
      this.#parts.log.warn({ err: error }, 'the events of the sagas that services list cannot be read; trying again');
    }
    this.#parts.target.list(this.#known);
  }

  async #read(orderIds: readonly string[]): Promise<void> {
    this.#meanwhile = new Set();
    try {
      const found = new Map((await recordsOfSagas(this.#parts.sql, orderIds)).map((one) => [one.orderId, one.events]));
      for (const orderId of orderIds)
        if (!this.#meanwhile.has(orderId)) this.#known.set(orderId, found.get(orderId) ?? []);
    } finally {
      this.#meanwhile = undefined;
    }
  }
}
