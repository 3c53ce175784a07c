import { grown } from '../model/grown.ts';
import type { Visit as FullVisit, Handled } from '../model/move.ts';
import type { OrderView } from '../model/order-states.ts';
import { VectorTable } from '../model/vector-table.ts';
import type { OrderModel } from '../moves/order-model.ts';
import { Edges } from './edges.ts';

/** What is to hold, and what an end is called. */
export interface Properties<Outside> {
  /** In every state. */
  faultsOf(view: OrderView<Outside>): readonly string[];
  /** In every state in which nothing more happens by itself. */
  faultsAtEnd(views: readonly OrderView<Outside>[]): readonly string[];
  isAtRest(view: OrderView<Outside>): boolean;
  endOf(view: OrderView<Outside>): string;
}

/** One step of a way, as a sentence, and who handles what in it. */
export interface TraceStep {
  readonly label: string;
  readonly handles?: readonly Handled[];
}

export interface Violation {
  readonly fault: string;
  /** From the beginning to the fault. */
  readonly trace: readonly TraceStep[];
}

export interface End {
  readonly end: string;
  readonly states: number;
  /** Ways to it that come to no state twice. */
  readonly paths: number;
  readonly shortest: readonly TraceStep[];
}

export interface Explored {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly bytes: number;
  /** Whether all states within the bounds were seen. */
  readonly isComplete: boolean;
  readonly violation: Violation | undefined;
  readonly ends: readonly End[];
}

export interface Exploring<Outside> {
  readonly model: OrderModel<Outside>;
  /** The orders at the beginning, one or more. They are alike: which is which makes no state. */
  readonly orders: readonly number[];
  readonly shared: number;
  readonly properties: Properties<Outside>;
  /** Stops after so many states. */
  readonly most: number;
  progress?(states: number, depth: number): void;
}

/**
 * Visits every state that can be reached, each once, nearest first: the first state with a fault is one that no shorter way
 * leads to. Then looks whether every state can reach an end, and whether its customer comes to rest without any answer.
 */
export async function explore<Outside>(exploring: Exploring<Outside>): Promise<Explored> {
  return await new Exploration(exploring).run();
}

/** A step whose sentence is not needed. */
type Step = Omit<Parameters<FullVisit>[2], 'label'>;
type Visit = (order: number, shared: number, step: Step) => void;

const MOST_SHARED = 1_024;

/** One number for an order and what orders share. @throws RangeError before two pairs could have the same */
function pairOf(order: number, shared: number): number {
  if (shared >= MOST_SHARED) throw new RangeError(`Orders share more than ${MOST_SHARED} states: raise MOST_SHARED.`);
  return order * MOST_SHARED + shared;
}

class Exploration<Outside> {
  readonly #model: OrderModel<Outside>;
  readonly #properties: Properties<Outside>;
  readonly #exploring: Exploring<Outside>;
  readonly #orders: number;
  readonly #states: VectorTable;
  readonly #edges = new Edges();
  /** By state: from where it was reached first. */
  #parents = new Int32Array(1_024);
  /** The states that have a parent, and the first, which has none. */
  #known = 1;
  /** What the invariants said, by what they see. */
  readonly #checked = new Map<string | number, readonly string[]>();
  readonly #steps = new Map<number, readonly Parameters<Visit>[]>();
  #depth = 0;

  constructor(exploring: Exploring<Outside>) {
    this.#exploring = exploring;
    this.#model = exploring.model;
    this.#properties = exploring.properties;
    this.#orders = exploring.orders.length;
    this.#states = new VectorTable(this.#orders + 1);
  }

  async run(): Promise<Explored> {
    const { orders, shared, most, progress } = this.#exploring;
    this.#states.idOf(this.#vector(orders, shared));
    let levelEnd = 1;
    for (let state = 0; state < this.#states.size; state += 1) {
      if (state === levelEnd) {
        this.#depth += 1;
        levelEnd = this.#states.size;
      }
      if (state % 20_000 === 0) progress?.(this.#states.size, this.#depth);
      const fault = await this.#expand(state);
      if (fault !== undefined) return await this.#result(await this.#violation(state, fault));
      if (this.#states.size > most) return await this.#result(undefined);
    }
    return await this.#result(await this.#endless());
  }

  #vector(orders: readonly number[], shared: number): number[] {
    if (orders.length === 1) return [orders[0] as number, shared];
    return [...[...orders].sort((a, b) => a - b), shared];
  }

  #read(state: number): { readonly orders: number[]; readonly shared: number } {
    const orders = this.#states.read(state);
    const shared = orders.pop() as number;
    return { orders, shared };
  }

  /** Visits the states behind a state; the first fault, if there is one. */
  async #expand(state: number): Promise<string | undefined> {
    const { orders, shared } = this.#read(state);
    let fault: string | undefined;
    let isEnd = true;
    this.#edges.begin(state);
    for (const [at, order] of orders.entries()) {
      if (at > 0 && orders[at - 1] === order) continue;
      const visit: Visit = (moved, left, { isAct, isOwn, fault: wrong }) => {
        if (!isAct) isEnd = false;
        if (wrong !== undefined) fault ??= wrong;
        const next = this.#states.idOf(this.#vector(orders.with(at, moved), left));
        this.#edges.add(next, isOwn);
        this.#parent(next, state);
      };
      if (this.#orders === 1) await this.#model.moves(order, shared, visit);
      else for (const step of await this.#stepsOf(order, shared)) visit(...step);
    }
    for (const order of orders) fault ??= this.#faultsOf(order, shared)[0];
    if (isEnd) this.#edges.end(state);
    if (isEnd) fault ??= this.#properties.faultsAtEnd(orders.map((order) => this.#model.view(order, shared)))[0];
    return fault;
  }

  /** The steps of one order, found once: beside another order it comes to the same state again and again. */
  async #stepsOf(order: number, shared: number): Promise<readonly Parameters<Visit>[]> {
    const key = pairOf(order, shared);
    const known = this.#steps.get(key);
    if (known !== undefined) return known;
    const steps: Parameters<Visit>[] = [];
    await this.#model.moves(order, shared, (moved, left, { isAct, isOwn, fault }) => {
      steps.push([moved, left, { isAct, isOwn, ...(fault !== undefined && { fault }) }]);
    });
    this.#steps.set(key, steps);
    return steps;
  }

  #parent(state: number, parent: number): void {
    if (state < this.#known) return;
    if (state >= this.#parents.length) this.#parents = grown(this.#parents);
    this.#parents[state] = parent;
    this.#known = state + 1;
  }
  #faultsOf(order: number, shared: number): readonly string[] {
    const key = this.#orders === 1 ? this.#model.viewKey(order, shared) : pairOf(order, shared);
    const known = this.#checked.get(key) ?? this.#properties.faultsOf(this.#model.view(order, shared));
    this.#checked.set(key, known);
    return known;
  }

  /** A state from which no end can be reached, or whose customer waits for ever when nobody answers. */
  async #endless(): Promise<Violation | undefined> {
    const stuck = this.#edges.withoutWayTo((state) => this.#edges.isEnd(state), { ownOnly: false });
    if (stuck !== undefined) return await this.#violation(stuck, 'no end can be reached from here');
    const waiting = this.#edges.withoutWayTo((state) => this.#isAtRest(state), { ownOnly: true });
    if (waiting === undefined) return undefined;
    return await this.#violation(waiting, 'the customer waits for ever, should nobody answer from here on');
  }

  #isAtRest(state: number): boolean {
    const { orders, shared } = this.#read(state);
    return orders.every((order) => this.#properties.isAtRest(this.#model.view(order, shared)));
  }

  async #violation(state: number, fault: string): Promise<Violation> {
    return { fault, trace: await this.#traceTo(state) };
  }

  async #traceTo(state: number): Promise<readonly TraceStep[]> {
    const path = [state];
    while (path[0] !== 0) path.unshift(this.#parents[path[0] as number] as number);
    const steps: TraceStep[] = [];
    for (const [at, next] of path.entries()) if (at > 0) steps.push(await this.#stepFrom(path[at - 1] as number, next));
    return steps;
  }

  async #stepFrom(from: number, to: number): Promise<TraceStep> {
    const { orders, shared } = this.#read(from);
    let step: TraceStep = { label: '' };
    for (const [at, order] of orders.entries()) {
      await this.#model.moves(order, shared, (moved, left, move) => {
        if (step.label !== '') return;
        if (this.#states.idOf(this.#vector(orders.with(at, moved), left)) !== to) return;
        const label = this.#orders === 1 ? move.label() : `order ${at + 1}: ${move.label()}`;
        step = { label, ...(move.handles && { handles: move.handles }) };
      });
    }
    return step;
  }

  async #result(violation: Violation | undefined): Promise<Explored> {
    const isComplete = this.#edges.size === this.#states.size;
    return {
      states: this.#states.size,
      transitions: this.#edges.count,
      depth: this.#depth,
      bytes: this.#states.bytes + this.#model.bytes + this.#edges.bytes + this.#parents.byteLength,
      isComplete,
      violation,
      ends: isComplete && violation === undefined ? await this.#ends() : [],
    };
  }

  async #ends(): Promise<readonly End[]> {
    const paths = this.#edges.paths();
    const found = new Map<string, { first: number; states: number; paths: number }>();
    for (let state = 0; state < this.#states.size; state += 1) {
      if (!this.#edges.isEnd(state)) continue;
      const { orders, shared } = this.#read(state);
      const end = orders
        .map((order) => this.#properties.endOf(this.#model.view(order, shared)))
        .sort()
        .join(' · ');
      const known = found.get(end) ?? { first: state, states: 0, paths: 0 };
      found.set(end, { ...known, states: known.states + 1, paths: known.paths + (paths[state] as number) });
    }
    const ends: End[] = [];
    for (const [end, { first, ...counts }] of [...found].sort(([a], [b]) => a.localeCompare(b)))
      ends.push({ end, ...counts, shortest: await this.#traceTo(first) });
    return ends;
  }
}
