import type { Bounds, Budget, Domain } from '../model/domain.ts';
import { EARLY } from '../model/moments.ts';
import type { Hearing, Visit } from '../model/move.ts';
import { OrderStates, type OrderView } from '../model/order-states.ts';
import { Transactions } from '../model/transactions.ts';
import { deliveries, secondDeliveries } from './deliveries.ts';
import { Hearings } from './hearing.ts';
import { tasks } from './tasks.ts';

/** What one step of an order can be, from each state of it; the states are numbers. */
export class OrderModel<Outside> {
  readonly #states: OrderStates<Outside>;
  readonly #transactions: Transactions<Outside>;
  readonly #hearings: Hearings<Outside>;
  readonly #deliveries: ReturnType<typeof deliveries>;
  readonly #secondDeliveries: ReturnType<typeof secondDeliveries>;
  readonly #tasks: ReturnType<typeof tasks>;
  readonly #acts: readonly { readonly hearing: Hearing; readonly uses: Budget | undefined }[];

  constructor(domain: Domain<Outside>) {
    this.#states = new OrderStates(domain);
    this.#transactions = new Transactions(this.#states);
    this.#hearings = new Hearings(this.#states, this.#transactions);
    this.#deliveries = deliveries(this.#states, this.#hearings);
    this.#secondDeliveries = secondDeliveries(this.#states, this.#hearings);
    this.#tasks = tasks(this.#states, this.#hearings, this.#transactions);
    this.#acts = domain.acts.map(({ label: says, service, message, uses }) => {
      const at = { service: this.#states.indexOf(service), message: this.#states.messages.idOf(message) };
      return { hearing: { ...at, isOwn: false, isAct: true, says }, uses };
    });
  }

  get bytes(): number {
    return this.#states.bytes;
  }

  /** Rows of the tables that were taken: `payment: OrderCreated`. */
  get taken(): ReadonlySet<string> {
    return this.#transactions.taken;
  }

  /** An order that was just placed. */
  begin(left: Bounds): { readonly order: number; readonly shared: number } {
    const change = this.#states.nothing({ left, again: [], stragglers: [] });
    const { service, message } = this.#states.domain.begin;
    const id = this.#states.messages.idOf(message);
    const reacted = this.#transactions.carryOut(change, this.#states.indexOf(service), id, EARLY);
    if (reacted.kind !== 'applied') throw new Error(`The order could not be placed: ${JSON.stringify(reacted)}`);
    return this.#states.stored(change);
  }

  /** What an order looks like, for the invariants. */
  view(order: number, shared: number): OrderView<Outside> {
    return this.#states.view(order, shared);
  }

  /** The same for states in which the invariants see the same. */
  viewKey(order: number, shared: number): string {
    return this.#states.viewKey(order, shared);
  }

  /** Visits every state that is one step away. */
  async moves(order: number, shared: number, visit: Visit): Promise<void> {
    const from = this.#states.read(order, shared);
    this.#deliveries(from, visit);
    this.#secondDeliveries(from, visit);
    await this.#tasks(from, visit);
    for (const { hearing, uses } of this.#acts)
      this.#hearings.spending(from, uses, (change) => this.#hearings.hear(from, change, hearing, visit));
  }
}
