import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Accepted, urlOf } from '../system.ts';

/** One wish to order, and what became of it. */
export interface Purchase {
  readonly key: string;
  readonly sku: string;
  readonly paymentToken: string;
  /** `ok`: answered with 202; `refused`: told to come back (503, 409); `unknown`: not answered, so it may exist. */
  outcome: 'ok' | 'refused' | 'unknown' | `answered ${number}`;
  orderId: string | undefined;
}

/** Between two orders. */
const EVERY_MS = 300;
const TIMEOUT_MS = 8_000;
/** So many are sent again together. */
const AT_ONCE = 20;
const OUTCOMES: Readonly<Record<number, Purchase['outcome']>> = { 202: 'ok', 409: 'refused', 503: 'refused' };

/**
 * People who order all the time, each with an Idempotency-Key, and who remember what they were answered. Nobody waits for
 * the others.
 */
export class Customers {
  readonly purchases: Purchase[] = [];
  readonly #pending = new Set<Promise<void>>();
  #shopping: Promise<void> | undefined;
  #home = false;

  arrive(): void {
    this.#shopping ??= this.#shop();
  }

  /** No new orders; resolves when the last one is answered. */
  async leave(): Promise<void> {
    this.#home = true;
    await this.#shopping;
    await Promise.all(this.#pending);
  }

  /** Sends what was refused, or not answered, again with its key until it is accepted. */
  async insist(): Promise<void> {
    const left = () => this.purchases.filter(({ outcome }) => outcome === 'refused' || outcome === 'unknown');
    while (left().length > 0) await Promise.all(left().slice(0, AT_ONCE).map(send));
  }

  async #shop(): Promise<void> {
    for (let at = 0; !this.#home; at += 1) {
      this.#order(at);
      await sleep(EVERY_MS);
    }
  }

  #order(at: number): void {
    const sku = at % 20 === 7 ? 'SKU-099' : `SKU-${String((at % 40) + 1).padStart(3, '0')}`;
    const paymentToken = at % 20 === 13 ? 'tok_declined' : 'tok_ok';
    const purchase: Purchase = {
      key: randomUUID(),
      sku,
      paymentToken,
      outcome: 'unknown',
      orderId: undefined,
    };
    this.purchases.push(purchase);
    const sent = send(purchase).finally(() => this.#pending.delete(sent));
    this.#pending.add(sent);
  }
}

async function send(purchase: Purchase): Promise<void> {
  const { key, sku, paymentToken } = purchase;
  try {
    const response = await fetch(`${urlOf('order')}/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify({ items: [{ sku, quantity: 1 }], paymentToken }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const body = (await response.json()) as Partial<Accepted>;
    purchase.outcome = OUTCOMES[response.status] ?? `answered ${response.status}`;
    purchase.orderId = body.orderId;
  } catch {
    purchase.outcome = 'unknown';
  }
}
