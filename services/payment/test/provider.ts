import type { Effect, Task } from '@troupe/chassis';
import type { ChargeOutcome, ChargeRequest, RefundOutcome, RefundRequest } from '../src/payment.ts';

/** The payment provider as a model: it keeps one charge and one refund for each key, and its own books. */
export class Provider {
  readonly #declines: boolean;
  #refusals: number;
  readonly charges = new Map<string, number>();
  readonly refunds = new Map<string, number>();

  constructor(behaviour: { readonly declines: boolean; readonly refusals: number }) {
    this.#declines = behaviour.declines;
    this.#refusals = behaviour.refusals;
  }

  answer(task: Task): ChargeOutcome | RefundOutcome {
    return task.type === 'Charge'
      ? this.#charge(task.key, task.data as ChargeRequest)
      : this.#refund(task.key, task.data as RefundRequest);
  }

  /** Minor units that the provider holds. */
  get kept(): number {
    return sum(this.charges) - sum(this.refunds);
  }

  #charge(key: string, { amount }: ChargeRequest): ChargeOutcome {
    if (this.#declines) return { kind: 'declined', detail: 'The card was declined.' };
    this.charges.set(key, amount);
    return { kind: 'charged', chargeId: `ch_${key}` };
  }

  #refund(key: string, { amount, chargeId }: RefundRequest): RefundOutcome {
    if (!this.charges.has(chargeId.slice('ch_'.length))) throw new Error(`a refund of ${chargeId}, which is none`);
    if (!this.refunds.has(key) && this.#refusals > 0) {
      this.#refusals -= 1;
      return { kind: 'refused', detail: 'Try again.' };
    }
    this.refunds.set(key, amount);
    return { kind: 'refunded', refundId: `re_${key}` };
  }
}

/** The pending calls and timers of one order: at most one of a name, as in the `task` table. */
export class Tasks {
  readonly #pending = new Map<string, Task>();

  /** Carries out what a decision asks for. Data goes through JSON, as it does through the table. */
  take(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (!('kind' in effect)) continue;
      if (effect.kind === 'task') this.#pending.set(effect.type, JSON.parse(JSON.stringify(effect)) as Task);
      else this.#pending.delete(effect.type);
    }
  }

  get names(): readonly string[] {
    return [...this.#pending.keys()];
  }

  get(name: string): Task | undefined {
    return this.#pending.get(name);
  }

  /** True when this very task is still pending; its outcome then takes effect, and it is gone. */
  finish(task: Task): boolean {
    return this.#pending.get(task.type) === task && this.#pending.delete(task.type);
  }
}

function sum(amounts: ReadonlyMap<string, number>): number {
  return [...amounts.values()].reduce((total, amount) => total + amount, 0);
}
