import type { Effect } from '@troupe/chassis';
import type { AnyTable } from '@troupe/chassis/internal';
import type { DomainEvent } from '@troupe/schemas';
import { Interner } from './interner.ts';
import { type Message, type PendingTask, taskKey } from './message.ts';

/** What a service has in its database for one order. */
export interface Part {
  readonly rows: ReadonlyMap<string, unknown>;
  readonly tasks: ReadonlyMap<string, PendingTask>;
  /** Answers to commands with an idempotency key, which are not carried out a second time. */
  readonly kept: ReadonlyMap<string, unknown>;
}

/** What it has for all orders: the rows of products. */
export type Shared = ReadonlyMap<string, unknown>;

export type Reacted =
  | {
      readonly kind: 'applied';
      readonly part: number;
      readonly shared: number;
      readonly events: readonly DomainEvent[];
      /** What its row does not list. */
      readonly undeclared: readonly string[];
    }
  | { readonly kind: 'ignored'; readonly reason: string; readonly part: number }
  | { readonly kind: 'rejected'; readonly code: string; readonly detail: string }
  /** The rule threw: in production a dead letter. */
  | { readonly kind: 'broken'; readonly reason: string };

const NOTHING: Part = { rows: new Map(), tasks: new Map(), kept: new Map() };

interface ServiceModelParts {
  readonly table: AnyTable;
  isShared(key: string): boolean;
  /** A row as it is loaded again after it was saved. */
  stored(row: unknown): unknown;
}

/** One service: its production table, and all states that its database was seen in. A transaction is one step. */
export class ServiceModel {
  readonly name: string;
  readonly table: AnyTable;
  readonly parts = new Interner<Part>();
  readonly shared = new Interner<Shared>();
  readonly #parts: ServiceModelParts;
  readonly #reacted = new Map<string, Reacted>();

  constructor(parts: ServiceModelParts) {
    this.#parts = parts;
    this.table = parts.table;
    this.name = parts.table.service;
    this.parts.idOf(NOTHING);
    this.shared.idOf(new Map());
  }

  /** Whether a row of the table hears it. */
  hears(type: string): boolean {
    return this.table.find(type) !== undefined;
  }

  /** What the table makes of a message, in the transaction that would handle it. Asked once for each state and message. */
  react(part: number, shared: number, message: Message, at: { readonly id: number; readonly now: Date }): Reacted {
    const name = `${part} ${shared} ${at.id} ${at.now.getTime()}`;
    const known = this.#reacted.get(name);
    if (known !== undefined) return known;
    const reacted = this.#react(this.parts.valueOf(part), shared, message, at.now);
    this.#reacted.set(name, reacted);
    return reacted;
  }

  /** The same part with one more answer that is given again from now on. */
  keeping(part: number, key: string, answer: unknown): number {
    const before = this.parts.valueOf(part);
    return this.parts.idOf({ ...before, kept: new Map([...before.kept, [key, answer]]) });
  }

  #react(part: Part, shared: number, message: Message, now: Date): Reacted {
    const row = this.table.find(message.type);
    if (row === undefined) throw new Error(`${this.name} does not hear ${message.type}.`);
    const { aggregate } = this.table;
    const common = this.shared.valueOf(shared);
    const rows = new Map<string, unknown>();
    for (const key of aggregate.keysOf(message)) {
      const found = this.#parts.isShared(key) ? common.get(key) : part.rows.get(key);
      if (found !== undefined) rows.set(key, found);
    }
    const data = message.kind === 'call' ? { request: message.data, outcome: message.outcome } : message.data;
    // The same for every order: ids only have to differ within one.
    const id = `${this.name}-${message.type}`;
    let decision: ReturnType<typeof row.react>;
    try {
      decision = row.react(data, aggregate.view(rows, message), { now, id });
    } catch (error) {
      return { kind: 'broken', reason: error instanceof Error ? error.message : String(error) };
    }
    switch (decision.kind) {
      case 'rejected':
        return { kind: 'rejected', code: decision.error.code, detail: decision.error.message };
      case 'ignored':
        return { kind: 'ignored', reason: decision.reason, part: this.#without(part, message) };
      case 'decided':
        return this.#applied(part, common, message, decision);
      default:
        return decision satisfies never;
    }
  }

  #without(part: Part, message: Message): number {
    if (!endsTask(message)) return this.parts.idOf(part);
    const tasks = new Map(part.tasks);
    tasks.delete(taskKey(message));
    return this.parts.idOf({ ...part, tasks });
  }

  #applied(
    part: Part,
    common: Shared,
    message: Message,
    { state, effects }: { readonly state: unknown; readonly effects: readonly Effect[] },
  ): Reacted {
    const rows = new Map(part.rows);
    const shared = new Map(common);
    for (const [key, row] of this.table.aggregate.rowsOf(state)) {
      (this.#parts.isShared(key) ? shared : rows).set(key, this.#parts.stored(row));
    }
    const tasks = new Map(part.tasks);
    if (endsTask(message)) tasks.delete(taskKey(message));
    const events: DomainEvent[] = [];
    for (const effect of effects) {
      if (!('kind' in effect)) {
        const { type, data } = effect;
        events.push({ type, data });
      } else if (effect.kind === 'task') {
        const { task, type, key, data } = effect;
        tasks.set(taskKey(effect), { task, type, key, data: JSON.parse(JSON.stringify(data)) });
      } else tasks.delete(taskKey(effect));
    }
    return {
      kind: 'applied',
      part: this.parts.idOf({ ...part, rows, tasks }),
      shared: this.shared.idOf(shared),
      events,
      undeclared: this.#undeclared(message.type, effects),
    };
  }

  #undeclared(hears: string, effects: readonly Effect[]): readonly string[] {
    const row = this.table.find(hears);
    const listed = new Set([...(row?.emits ?? []), ...(row?.starts ?? [])].map(({ messageName }) => messageName));
    return effects.flatMap((effect) => {
      const isListed = ('kind' in effect && effect.kind === 'cancellation') || listed.has(effect.type);
      return isListed ? [] : [effect.type];
    });
  }
}

/** A second answer ends nothing: its task is gone, and one that was started since has another id. */
const endsTask = ({ kind, again }: Message): boolean => (kind === 'call' || kind === 'timer') && again === undefined;
