import { hash } from 'node:crypto';
import type { IdempotencyClaim } from '@troupe/chassis/internal';
import { type Placing, placement, type Whim, wish } from './business/cast.ts';
import type { Processes } from './machine/processes.ts';
import { Life, type World } from './machine/world.ts';
import type { Plan } from './script.ts';

/** How long a client waits for an answer, and before it asks again. */
const PATIENCE_MS = 5_000;
const AGAIN_MS = 1_000;

/** An order that a customer wants, and knows to be accepted once there is an answer. */
export interface Wanted extends Plan {
  readonly customerId: string;
  /** What the answer said. */
  orderId: string | undefined;
}

/** Those who send commands. They are outside: what they are not answered may have happened. */
export class Customers {
  readonly life = new Life('customers');
  readonly orders: Wanted[] = [];
  readonly #world: World;
  readonly #processes: Processes;
  /** Every id that an order may have got, with who wants it. */
  readonly #ids = new Map<string, Wanted>();

  constructor(world: World, processes: Processes) {
    this.#world = world;
    this.#processes = processes;
  }

  wantedOf(orderId: string): Wanted {
    const wanted = this.#ids.get(orderId);
    if (wanted === undefined) throw new Error(`Nobody wanted the order ${orderId}.`);
    return wanted;
  }

  /** Places an order: asks again with the same idempotency key until there is an answer. */
  place(plan: Plan): void {
    const wanted: Wanted = { ...plan, customerId: `customer-${this.orders.length + 1}`, orderId: undefined };
    this.orders.push(wanted);
    void this.#placed(wanted);
  }

  /** Asks once, and does not wait for the answer. */
  wish(whim: Whim, wanted: Wanted): void {
    if (wanted.orderId === undefined) return;
    const { service, command } = wish(whim, { orderId: wanted.orderId, customerId: wanted.customerId });
    const process = this.#processes.processOf(service);
    const key = this.#world.newId();
    process?.loop.execute(command, () => ({ status: 200, body: {} }), claimOf(key, whim)).catch(() => undefined);
  }

  async #placed(wanted: Wanted): Promise<void> {
    for (let attempt = 1; wanted.orderId === undefined; attempt += 1) {
      // A new id each time, as the route makes it: the answer that is kept for the key names the one that counts.
      const orderId = this.#world.newId();
      this.#ids.set(orderId, wanted);
      const answer = await this.#asked({ ...wanted, orderId });
      if (answer !== undefined && attempt > 1) this.#world.note('order placed again with the same idempotency key');
      if (answer === undefined) await this.#world.sleep(this.life, AGAIN_MS);
      wanted.orderId = answer;
    }
  }

  async #asked({ orderId, customerId, items, total, orchestrated }: Wanted & Placing): Promise<string | undefined> {
    const process = this.#processes.processOf('order');
    if (process === undefined) return undefined;
    const order = placement({ orderId, customerId, items, total, orchestrated });
    const asked = process.loop
      .execute(order, () => ({ status: 202, body: { orderId } }), claimOf(customerId, 'place'))
      .then(({ body }) => (body as { readonly orderId: string }).orderId)
      .catch(() => undefined);
    return Promise.race([asked, this.#world.sleep(this.life, PATIENCE_MS).then(() => undefined)]);
  }
}

const claimOf = (key: string, what: string): IdempotencyClaim => {
  return { scope: `${what} as ${key}`, key, requestHash: hash('sha256', what, 'buffer') };
};
