import type { DomainEvent } from '@troupe/schemas';
import { EARLY } from './moments.ts';
import type { Change } from './move.ts';
import type { OrderStates } from './order-states.ts';
import type { Reacted } from './service-model.ts';

/** What the transactions of services do to a state. */
export class Transactions<Outside> {
  readonly #states: OrderStates<Outside>;
  readonly #wired = new Map<DomainEvent, number>();
  readonly #unheard: readonly number[];
  /** Rows of the tables that were taken: `payment: OrderCreated`. */
  readonly taken = new Set<string>();

  constructor(states: OrderStates<Outside>) {
    this.#states = states;
    this.#unheard = states.domain.unheard.map((name) => states.indexOf(name));
  }

  /** A service handles a message: its rows and tasks change, and its events go to its topic, or nothing does. */
  carryOut(change: Change, service: number, message: number, now: Date): Reacted {
    const reacted = this.#reaction(change, service, message, now);
    if (reacted.kind === 'ignored') change.vector[service] = reacted.part;
    if (reacted.kind !== 'applied') return reacted;
    const { name } = this.#states.service(service);
    this.taken.add(`${name}: ${this.#states.messages.valueOf(message).type}`);
    change.vector[service] = reacted.part;
    change.shared[service] = reacted.shared;
    for (const event of reacted.events) this.#say(change, service, event);
    return this.#settleUnheard(change) ?? reacted;
  }

  /**
   * Takes out of the topics what a consumer ignores for good. That commutes with every other step and changes nothing but the
   * consumer's place, so whether it happens now or later makes no difference to anybody.
   */
  passOver(change: Change): void {
    for (const [owner, consumers] of this.#states.consumers.entries()) {
      const at = this.#states.topicAt(owner);
      if (change.vector[at] === this.#states.topics[owner]?.empty) continue;
      for (const [index, service] of consumers.entries()) {
        this.#eachNext(change, owner, index, (event) => {
          const reacted = this.#reaction(change, service, event, EARLY);
          return reacted.kind === 'ignored' && this.#states.domain.isForGood(reacted.reason);
        });
      }
    }
  }

  #reaction({ vector, shared }: Change, service: number, id: number, now: Date): Reacted {
    const message = this.#states.messages.valueOf(id);
    const model = this.#states.service(service);
    return model.react(vector[service] as number, shared[service] as number, message, { id, now });
  }

  #say(change: Change, service: number, event: DomainEvent): void {
    const { topics, outsides, domain, outsideAt } = this.#states;
    const at = this.#states.topicAt(service);
    const said = this.#wired.get(event) ?? this.#states.messages.idOf(domain.wire(event));
    this.#wired.set(event, said);
    change.vector[at] = topics[service]?.append(change.vector[at] as number, said) as number;
    const outside = change.vector[outsideAt] as number;
    change.vector[outsideAt] = this.#states.remembered(`said ${outside} ${said}`, () =>
      outsides.idOf(domain.said(outsides.valueOf(outside), event)),
    );
  }

  /** Lets the services go on that nobody hears: whatever they do commutes with every other step. */
  #settleUnheard(change: Change): Reacted | undefined {
    let broken: Reacted | undefined;
    const handle = (service: number, message: number): boolean => {
      const reacted = this.carryOut(change, service, message, EARLY);
      if (reacted.kind === 'broken') broken ??= reacted;
      return reacted.kind !== 'broken';
    };
    for (const service of this.#unheard) {
      for (const [owner, consumers] of this.#states.consumers.entries()) {
        const index = consumers.indexOf(service);
        if (index >= 0) this.#eachNext(change, owner, index, (event) => handle(service, event));
      }
      for (const task of this.#states.partOf(change, service).tasks.values()) {
        const [answer] = this.#states.answersTo(task, change.vector[this.#states.outsideAt] as number) ?? [];
        if (answer === undefined) continue;
        change.vector[this.#states.outsideAt] = answer.outside;
        handle(service, answer.message);
      }
    }
    return broken;
  }

  /** Goes through what a consumer has still to read, as long as `takes` takes it. */
  #eachNext(change: Change, owner: number, index: number, takes: (event: number) => boolean): void {
    const at = this.#states.topicAt(owner);
    const topic = this.#states.topics[owner];
    for (;;) {
      const event = topic?.next(change.vector[at] as number, index);
      if (event === undefined || !takes(event)) return;
      change.vector[at] = topic?.handled(change.vector[at] as number, index) as number;
    }
  }
}
