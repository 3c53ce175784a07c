import { randomUUID } from 'node:crypto';

export interface Wish {
  readonly sku: string;
  readonly paymentToken: string;
  /** Default: choreographed. */
  readonly orchestrated?: boolean;
}

/**
 * What a buyer knows of a purchase. `ok` was accepted; `fail` never reached the shop; `info` was not answered or was told to come
 * back, and may have been accepted. `answered <status>` must not happen.
 */
export type Outcome = 'ok' | 'fail' | 'info' | `answered ${number}`;

/** One wish, and what became of it; sent again, it keeps its key. */
export interface Purchase {
  readonly key: string;
  readonly wish: Wish;
  /** Of the first time. */
  first: Outcome;
  outcome: Outcome;
  /** Every order id that was ever answered to this key: at most one. */
  readonly orderIds: Set<string>;
}

const TIMEOUT_MS = 8_000;
const AT_ONCE = 20;
/** How long a wish is sent again before the buyer gives up. */
const INSIST_MS = 60_000;

/** Buyers send each order with an Idempotency-Key, and remember the answers. */
export class Buyers {
  readonly purchases: Purchase[] = [];
  readonly customer = `buyers-${randomUUID().slice(0, 8)}`;
  readonly #shop: () => string;

  /** @param shop where the next order is placed: the URL of an order service. */
  constructor(shop: () => string) {
    this.#shop = shop;
  }

  /** Places an order, once. Never rejects. */
  async buy(wish: Wish): Promise<Purchase> {
    const purchase: Purchase = { key: randomUUID(), wish, first: 'info', outcome: 'info', orderIds: new Set() };
    this.purchases.push(purchase);
    purchase.first = await this.#send(purchase);
    return purchase;
  }

  /** Sends what was not accepted again, with its key, until it is. Resolves with what was not accepted in time. */
  async insist(): Promise<readonly Purchase[]> {
    const end = Date.now() + INSIST_MS;
    const left = () => this.purchases.filter(({ outcome }) => outcome !== 'ok');
    while (left().length > 0 && Date.now() < end) {
      await Promise.all(
        left()
          .slice(0, AT_ONCE)
          .map((purchase) => this.#send(purchase)),
      );
    }
    return left();
  }

  async #send(purchase: Purchase): Promise<Outcome> {
    const { key, wish } = purchase;
    const { sku, paymentToken, orchestrated } = wish;
    try {
      const response = await fetch(`${this.#shop()}/orders${orchestrated ? '/orchestrated' : ''}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key, 'x-customer-id': this.customer },
        body: JSON.stringify({ items: [{ sku, quantity: 1 }], paymentToken }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const { orderId } = (await response.json()) as { readonly orderId?: string };
      if (response.status === 202 && orderId !== undefined) purchase.orderIds.add(orderId);
      purchase.outcome = outcomeOf(response.status);
    } catch (error) {
      purchase.outcome = neverArrived(error) ? 'fail' : 'info';
    }
    return purchase.outcome;
  }
}

/** An order that was told to come back may have been committed: perhaps only the answer was lost. */
function outcomeOf(status: number): Outcome {
  if (status === 202) return 'ok';
  return status === 409 || status === 503 ? 'info' : `answered ${status}`;
}

function neverArrived(error: unknown): boolean {
  return ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code === 'ECONNREFUSED';
}
