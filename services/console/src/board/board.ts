import type { Cause } from '../contract/saga.ts';
import { judge } from '../saga/diagnosis/judge.ts';
import type { Facts, SagaSummary } from '../saga/input.ts';
import { Begun } from './begun.ts';
import { causesOf } from './causes.ts';
import type { Judged } from './judged.ts';

/**
 * The open sagas in memory. Whoever owns it puts in what has changed, and has it look once a second: each saga is judged against
 * what is known of the services by then. Sentences are those of a whole cause: a list row has none. It does no I/O and has no clock.
 */
export class Board {
  #sagas = new Map<string, Judged>();
  readonly #begun = new Begun();
  #facts: Facts | undefined;
  #now = 0;

  /** These are all that are open. What was judged stays until the next look. */
  reset(open: readonly SagaSummary[]): void {
    const known = this.#sagas;
    this.#sagas = new Map(open.map((summary) => [summary.orderId, this.#judged(summary, known.get(summary.orderId))]));
  }

  /** These have changed; one that is over is open no more. */
  put(changed: readonly SagaSummary[]): void {
    for (const summary of changed) {
      const known = this.#sagas.get(summary.orderId);
      if (known === undefined && summary.eventCount === 1) this.#begun.add(1, this.#now);
      if (summary.open) this.#sagas.set(summary.orderId, this.#judged(summary, known));
      else this.#sagas.delete(summary.orderId);
    }
  }

  /** Judges every saga. @param facts how everything stands now */
  look(facts: Facts, now: number): void {
    this.#facts = facts;
    this.#now = now;
    for (const [orderId, { summary }] of this.#sagas) {
      this.#sagas.set(orderId, { summary, diagnosis: judge(summary, facts, now, true) });
    }
  }

  get size(): number {
    return this.#sagas.size;
  }

  find(orderId: string): Judged | undefined {
    return this.#sagas.get(orderId);
  }

  judged(): Iterable<Judged> {
    return this.#sagas.values();
  }

  /** Sagas that stand still for one reason, the worst and oldest first. @param matches which of them count */
  causes(matches: (saga: Judged) => boolean = () => true): readonly Cause[] {
    const facts = this.#facts;
    if (facts === undefined) return [];
    return causesOf([...this.#sagas.values()].filter(matches), facts, this.#now);
  }

  /** Sagas a second that have begun, over the last minute. */
  newPerSecond(): number {
    return this.#begun.perSecond(this.#now);
  }

  /** A saga that has moved on is judged at once: what held it up before does so no more. */
  #judged(summary: SagaSummary, known: Judged | undefined): Judged {
    const isSame =
      known?.summary.owes?.hearsId === summary.owes?.hearsId && known?.summary.eventCount === summary.eventCount;
    if (known !== undefined && isSame) return { summary, diagnosis: known.diagnosis };
    const facts = this.#facts;
    return { summary, diagnosis: facts === undefined ? null : judge(summary, facts, this.#now, true) };
  }
}
