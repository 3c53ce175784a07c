import type { Choreography } from '@troupe/choreography/graph';
import type { Diagnosis } from '../contract/diagnosis.ts';
import type { SagaEvent } from '../contract/event.ts';
import type { Cause } from '../contract/saga.ts';
import { judge } from '../saga/diagnosis/judge.ts';
import { judgeListed } from '../saga/diagnosis/judge-listed.ts';
import type { Facts, SagaSummary } from '../saga/input.ts';
import { stateOf } from '../saga/summary/row.ts';
import { Begun } from './begun.ts';
import { causesOf } from './causes.ts';
import type { Judged } from './judged.ts';

/**
 * The open sagas in memory. Whoever owns it puts in what has changed, and has it look once a second: each saga is judged against
 * what is known of the services by then. Those that services list are judged from all their events, as on their own page; the
 * others from their summaries. Sentences are those of a whole cause: a list row has none. It does no I/O and has no clock.
 */
export class Board {
  readonly #choreography: Choreography;
  #sagas = new Map<string, Judged>();
  /** The events of those that services list. */
  #listed = new Map<string, readonly SagaEvent[]>();
  /** How these were judged; among them are some that are not open, or stand on no topic. */
  #whole = new Map<string, Judged>();
  readonly #begun = new Begun();
  #facts: Facts | undefined;
  #now = 0;

  constructor(choreography: Choreography) {
    this.#choreography = choreography;
  }

  /** These are all that are open. What was judged stays until the next look. */
  reset(open: readonly SagaSummary[]): void {
    const known = this.#sagas;
    this.#sagas = new Map(open.map((summary) => [summary.orderId, this.#judged(summary, known.get(summary.orderId))]));
  }

  /** These have changed; one that is over is open no more. */
  put(changed: readonly SagaSummary[]): void {
    for (const summary of changed) {
      const { orderId } = summary;
      const known = this.#sagas.get(orderId);
      if (known === undefined && summary.eventCount === 1) this.#begun.add(1, this.#now);
      if (summary.open) this.#sagas.set(orderId, this.#judged(summary, known));
      else this.#sagas.delete(orderId);
      this.#listed.delete(orderId);
      this.#whole.delete(orderId);
    }
  }

  /** These are all that services list, each with its events on topics. */
  list(sagas: ReadonlyMap<string, readonly SagaEvent[]>): void {
    this.#listed = new Map(sagas);
    this.#lookAtListed((orderId) => !this.#whole.has(orderId));
  }

  /** Judges every saga. @param facts how everything stands now */
  look(facts: Facts, now: number): void {
    this.#facts = facts;
    this.#now = now;
    for (const [orderId, { summary }] of this.#sagas) {
      this.#sagas.set(orderId, { summary, diagnosis: judge(summary, facts, now, true) });
    }
    this.#lookAtListed(() => true);
  }

  get size(): number {
    return this.#sagas.size;
  }

  find(orderId: string): Judged | undefined {
    return this.#whole.get(orderId) ?? this.#sagas.get(orderId);
  }

  /** Every saga that is open, or of which something is held up. */
  *judged(): Iterable<Judged> {
    for (const [orderId, judged] of this.#sagas) yield this.#standing(orderId) ?? judged;
    for (const orderId of this.#whole.keys()) {
      const judged = this.#sagas.has(orderId) ? undefined : this.#standing(orderId);
      if (judged !== undefined) yield judged;
    }
  }

  /** Of those that have ended as far as topics tell: the ones of which something is held up. */
  heldUp(): readonly string[] {
    return [...this.#whole.keys()].filter((id) => !this.#sagas.has(id) && this.#standing(id) !== undefined);
  }

  /** Sagas that stand still for one reason, the worst and oldest first. @param matches which of them count */
  causes(matches: (saga: Judged) => boolean = () => true): readonly Cause[] {
    const facts = this.#facts;
    if (facts === undefined) return [];
    const alone = ({ summary }: Judged): Diagnosis | null =>
      this.#standing(summary.orderId) === undefined
        ? judge(summary, facts, this.#now)
        : (this.#judgeListed(summary.orderId, false)?.diagnosis ?? null);
    return causesOf([...this.judged()].filter(matches), alone, this.#now);
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

  #lookAtListed(isDue: (orderId: string) => boolean): void {
    for (const orderId of this.#whole.keys()) if (!this.#listed.has(orderId)) this.#whole.delete(orderId);
    for (const orderId of this.#listed.keys()) {
      if (!isDue(orderId)) continue;
      const judged = this.#judgeListed(orderId, true);
      if (judged === null) this.#whole.delete(orderId);
      else this.#whole.set(orderId, judged);
    }
  }

  #judgeListed(orderId: string, isMany: boolean): Judged | null {
    const [events, facts, now] = [this.#listed.get(orderId), this.#facts, this.#now];
    if (events === undefined || facts === undefined) return null;
    return judgeListed({ orderId, events, choreography: this.#choreography, facts, now }, isMany);
  }

  /** What was judged from all events, where the saga is not over by that. */
  #standing(orderId: string): Judged | undefined {
    const judged = this.#whole.get(orderId);
    return judged === undefined || stateOf(judged.summary, judged.diagnosis) === 'done' ? undefined : judged;
  }
}
