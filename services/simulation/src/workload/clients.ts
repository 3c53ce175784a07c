import { hash } from 'node:crypto';
import type { IdempotencyClaim } from '@troupe/chassis/internal';
import type { SystemUnderTest } from '../system/system-under-test.ts';
import { Incarnation } from '../world/incarnation.ts';
import type { World } from '../world/world.ts';
import type { OrderPlan } from './scenario.ts';
import { commandFor, type PlaceOrderRequest, placeOrderCommand, type UserAction } from './user-actions.ts';

/** How long a client waits for an answer, and how long before it asks again. */
const ANSWER_TIMEOUT_MS = 5_000;
const RETRY_DELAY_MS = 1_000;

/** An order that a customer has asked for. It is accepted once the client has an answer. */
export interface RequestedOrder extends OrderPlan {
  readonly customerId: string;
  /** As the answer names it; undefined before there is one. */
  orderId: string | undefined;
}

/** Clients send commands over HTTP. A command without an answer may have been carried out. */
export class Clients {
  readonly incarnation = new Incarnation('clients');
  readonly orders: RequestedOrder[] = [];
  readonly #world: World;
  readonly #system: SystemUnderTest;
  /** By id. An order has one for each attempt, of which one counts. */
  readonly #ids = new Map<string, RequestedOrder>();

  constructor(world: World, system: SystemUnderTest) {
    this.#world = world;
    this.#system = system;
  }

  requestOf(orderId: string): RequestedOrder {
    const order = this.#ids.get(orderId);
    if (order === undefined) throw new Error(`No client asked for the order ${orderId}.`);
    return order;
  }

  /** Places an order. The client repeats the request with the same idempotency key until it has an answer. */
  place(plan: OrderPlan): void {
    const order: RequestedOrder = { ...plan, customerId: `customer-${this.orders.length + 1}`, orderId: undefined };
    this.orders.push(order);
    void this.#placeUntilAnswered(order);
  }

  /** Sends a command once, and does not wait for the answer. */
  request(action: UserAction, order: RequestedOrder): void {
    if (order.orderId === undefined) return;
    const { service, command } = commandFor(action, { orderId: order.orderId, customerId: order.customerId });
    const process = this.#system.processOf(service);
    const key = this.#world.newId();
    process?.loop.execute(command, () => ({ status: 200, body: {} }), claimOf(key, action)).catch(() => undefined);
  }

  async #placeUntilAnswered(order: RequestedOrder): Promise<void> {
    for (let attempt = 1; order.orderId === undefined; attempt += 1) {
      // The route makes a new id for each request; the answer stored for the key names the one that counts.
      const orderId = this.#world.newId();
      this.#ids.set(orderId, order);
      const answer = await this.#askOnce({ ...order, orderId });
      if (answer !== undefined && attempt > 1) this.#world.note('order placed again with the same idempotency key');
      if (answer === undefined) await this.#world.sleep(this.incarnation, RETRY_DELAY_MS);
      order.orderId = answer;
    }
  }

  async #askOnce({
    orderId,
    customerId,
    items,
    total,
    orchestrated,
  }: RequestedOrder & PlaceOrderRequest): Promise<string | undefined> {
    const process = this.#system.processOf('order');
    if (process === undefined) return undefined;
    const order = placeOrderCommand({ orderId, customerId, items, total, orchestrated });
    const answer = process.loop
      .execute(order, () => ({ status: 202, body: { orderId } }), claimOf(customerId, 'place'))
      .then(({ body }) => (body as { readonly orderId: string }).orderId)
      .catch(() => undefined);
    return Promise.race([answer, this.#world.sleep(this.incarnation, ANSWER_TIMEOUT_MS).then(() => undefined)]);
  }
}

const claimOf = (key: string, what: string): IdempotencyClaim => {
  return { scope: `${what} as ${key}`, key, requestHash: hash('sha256', what, 'buffer') };
};
