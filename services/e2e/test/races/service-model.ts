import type { CommandDecision, Context, ReactionTable } from '@troupe/chassis';
import type { DomainEvent } from '@troupe/schemas';

/** The table of any service, with rows and states of its own. */
// biome-ignore lint/suspicious/noExplicitAny: tables of unrelated services have no common row or state
export type AnyTable = ReactionTable<any, any>;

export interface Message {
  readonly type: string;
  readonly key: string;
  readonly data: unknown;
}

/** A call or timer that was asked for and has had no effect yet. */
export interface PendingTask extends Message {
  readonly id: number;
  readonly kind: 'call' | 'timer';
  /** When a timer goes off, unless something makes it late. */
  readonly dueAt: number;
  /** What the external system has answered, once it has. */
  answer?: { readonly outcome: unknown };
}

/** A message with the decision on it. */
export interface Handled {
  readonly service: string;
  readonly message: Message;
  readonly decision: CommandDecision<unknown>;
  readonly events: readonly DomainEvent[];
}

/** One service: its production table over rows in memory. A decision takes effect as a whole, as in the unit of work. */
export class ServiceModel {
  readonly table: AnyTable;
  readonly rows: Map<string, unknown>;
  /** At most one of a name and key is pending, as in the task table. */
  readonly tasks = new Map<string, PendingTask>();
  #made = 0;

  constructor(table: AnyTable, rows: Iterable<readonly [string, unknown]> = []) {
    this.table = table;
    this.rows = new Map(rows);
  }

  get service(): string {
    return this.table.service;
  }

  hears(type: string): boolean {
    return this.table.find(type) !== undefined;
  }

  /** Runs the rule of a message. Throws what the rule throws: a broken invariant. */
  handle(message: Message, context: Context): Handled {
    const reaction = this.table.find(message.type);
    if (reaction === undefined) throw new Error(`${this.service} has no reaction to ${message.type}.`);
    const { aggregate } = this.table;
    const keys = aggregate.keysOf(message);
    const loaded = keys.flatMap((key): [string, unknown][] => (this.rows.has(key) ? [[key, this.rows.get(key)]] : []));
    const decision = reaction.react(message.data, aggregate.view(new Map(loaded), message), context);
    if (decision.kind !== 'decided') return { service: this.service, message, decision, events: [] };
    for (const [key, row] of aggregate.rowsOf(decision.state)) this.rows.set(key, row);
    const events: DomainEvent[] = [];
    for (const effect of decision.effects) {
      if (!('kind' in effect)) {
        if (!reaction.emits.some(({ messageName }) => messageName === effect.type)) {
          throw new Error(`${effect.type} is not in emits of ${this.service}'s reaction to ${message.type}.`);
        }
        events.push(effect);
      } else if (effect.kind === 'task') {
        const { type, key, data, task: kind, delayMs } = effect;
        const dueAt = context.now.getTime() + delayMs;
        this.#made += 1;
        // The database stores JSON: what JSON cannot hold is lost.
        const stored = JSON.parse(JSON.stringify(data)) as unknown;
        this.tasks.set(`${type} ${key}`, { id: this.#made, kind, dueAt, type, key, data: stored });
      } else {
        this.tasks.delete(`${effect.type} ${effect.key}`);
      }
    }
    return { service: this.service, message, decision, events };
  }
}
