import type { Incoming, Outcome } from '@troupe/chassis';
import type { ServiceProcess } from './machine/process/service-process.ts';
import type { World } from './machine/world.ts';

/** An event that had its effect in a service. */
interface Effect {
  readonly service: string;
  readonly topic: string;
  readonly key: string;
  readonly id: string;
}

/** What was committed, in its order: who handled what. */
export class Chronicle {
  readonly effects: Effect[] = [];
  /** What the rules refused to see twice, and other things that are wrong as soon as they happen. */
  readonly wrongs: string[] = [];
  /** Inboxes were pruned: what comes again is handled again, and must change nothing. */
  inboxPruned = false;
  readonly #world: World;
  readonly #had = new Set<string>();

  /** Where a service stands with an order. */
  readonly #statusOf: (service: string, orderId: string) => string;

  constructor(world: World, statusOf: (service: string, orderId: string) => string) {
    this.#world = world;
    this.#statusOf = statusOf;
  }

  watch(process: ServiceProcess, batch: readonly Incoming[], outcomes: readonly Outcome[]): void {
    const { service } = process.parts.table;
    for (const [at, message] of batch.entries()) {
      const outcome = outcomes[at] as Outcome;
      this.#sight(process, message, outcome);
      const hadEffect = outcome.kind === 'applied' || outcome.kind === 'ignored';
      if (message.kind === 'event' && hadEffect) this.#effect(service, message.record.topic, message);
    }
  }

  #effect(service: string, topic: string, { id, key, type }: Extract<Incoming, { kind: 'event' }>): void {
    const name = `${service} ${id}`;
    if (this.#had.has(name) && !this.inboxPruned) this.wrongs.push(`${service} handled ${type} ${id} of ${key} twice`);
    if (!this.#had.has(name)) this.effects.push({ service, topic, key, id });
    this.#had.add(name);
  }

  #sight(process: ServiceProcess, message: Incoming, outcome: Outcome): void {
    const note = (sighting: string) => this.#world.note(sighting);
    const { service } = process.parts.table;
    if (process.consumer.isStale && message.kind === 'event') note('zombie: commit of a batch');
    if ('record' in message) {
      if (outcome.kind === 'dead') note(message.kind === 'poison' ? 'poison set aside' : 'dead letter');
      if (outcome.kind === 'parked') note('parked behind a dead letter');
      if (outcome.kind === 'duplicate') note('duplicate delivery dropped');
      if (message.letter !== undefined && outcome.kind !== 'parked') note(`letter handled again: ${outcome.kind}`);
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
