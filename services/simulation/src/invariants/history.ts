import type { Incoming, Outcome } from '@troupe/chassis/internal';
import type { ServiceProcess } from '../system/service-process.ts';
import type { World } from '../world/world.ts';

/** An event that a service has handled. */
interface Effect {
  readonly service: string;
  readonly topic: string;
  readonly key: string;
  readonly id: string;
}

/** The committed effects of all services, in their order. */
export class History {
  readonly effects: Effect[] = [];
  /** Violations that are certain at a commit: an event that had its effect twice. */
  readonly violations: string[] = [];
  /** Whether inboxes were pruned. Services then handle events again, and may change nothing. */
  inboxPruned = false;
  readonly #world: World;
  readonly #handled = new Set<string>();

  /** The status of an order in a service. */
  readonly #statusOf: (service: string, orderId: string) => string;

  constructor(world: World, statusOf: (service: string, orderId: string) => string) {
    this.#world = world;
    this.#statusOf = statusOf;
  }

  record(process: ServiceProcess, batch: readonly Incoming[], outcomes: readonly Outcome[]): void {
    const { service } = process.parts.table;
    for (const [at, message] of batch.entries()) {
      const outcome = outcomes[at] as Outcome;
      this.#noteOutcome(process, message, outcome);
      const hadEffect = outcome.kind === 'applied' || outcome.kind === 'ignored';
      if (message.kind === 'event' && hadEffect) this.#effect(service, message.record.topic, message);
    }
  }

  #effect(service: string, topic: string, { id, key, type }: Extract<Incoming, { kind: 'event' }>): void {
    const name = `${service} ${id}`;
    if (this.#handled.has(name) && !this.inboxPruned)
      this.violations.push(`${service} handled ${type} ${id} of ${key} twice`);
    if (!this.#handled.has(name)) this.effects.push({ service, topic, key, id });
    this.#handled.add(name);
  }

  #noteOutcome(process: ServiceProcess, message: Incoming, outcome: Outcome): void {
    const note = (coveragePoint: string) => this.#world.note(coveragePoint);
    const { service } = process.parts.table;
    if (process.consumer.isStale && message.kind === 'event') note('zombie: commit of a batch');
    if ('record' in message) {
      if (outcome.kind === 'dead') note(message.kind === 'poison' ? 'poison made a dead letter' : 'dead letter');
      if (outcome.kind === 'parked') note('parked behind a dead letter');
      if (outcome.kind === 'duplicate') note('duplicate delivery dropped');
      if (message.deadLetter !== undefined && outcome.kind !== 'parked')
        note(`dead letter handled again: ${outcome.kind}`);
    }
    if ((message.kind === 'call' || message.kind === 'timer') && outcome.kind === 'duplicate')
      note('late answer of a call dropped');
    if (message.kind === 'command' && outcome.kind === 'answered' && outcome.replayed) note('answer given again');
    if (message.kind === 'command' && message.type === 'CancelOrder' && outcome.kind === 'answered') {
      note(`cancelled while payment is ${this.#statusOf('payment', message.key)}`);
    }
    if (outcome.kind === 'applied' && message.kind !== 'poison') note(`${service}: ${message.type}`);
    if (outcome.kind === 'ignored' && message.kind !== 'poison')
      note(`${service}: ${message.type} ignored, ${outcome.reason}`);
  }
}
