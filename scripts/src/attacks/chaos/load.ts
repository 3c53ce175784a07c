import { setTimeout as sleep } from 'node:timers/promises';
import { Buyers, type Purchase, type Wish } from '../buyers.ts';
import type { Dice } from './dice.ts';

/** How a purchase has to end; undefined: one way or another. */
export type Expected = 'CONFIRMED' | 'CANCELLED' | undefined;

interface Kind {
  readonly weight: number;
  readonly expected: Expected;
  readonly cancelled?: true;
  wish(dice: Dice): Wish;
}

const anySku = (dice: Dice): string => `SKU-${String(dice.between(1, 40)).padStart(3, '0')}`;
const ok = (sku: string): Wish => ({ sku, paymentToken: 'tok_ok' });

const KINDS: readonly Kind[] = [
  { weight: 60, expected: 'CONFIRMED', wish: (dice) => ok(anySku(dice)) },
  { weight: 5, expected: 'CONFIRMED', wish: (dice) => ({ sku: anySku(dice), paymentToken: 'tok_flaky_1' }) },
  { weight: 3, expected: 'CONFIRMED', wish: (dice) => ({ sku: anySku(dice), paymentToken: 'tok_slow_1500' }) },
  { weight: 5, expected: 'CANCELLED', wish: (dice) => ({ sku: anySku(dice), paymentToken: 'tok_declined' }) },
  { weight: 3, expected: 'CANCELLED', wish: (dice) => ({ sku: anySku(dice), paymentToken: 'tok_refused_422' }) },
  { weight: 5, expected: 'CANCELLED', wish: () => ok('SKU-099') },
  { weight: 4, expected: 'CANCELLED', wish: () => ok('SKU-100') },
  { weight: 3, expected: 'CANCELLED', wish: () => ({ sku: 'SKU-099', paymentToken: 'tok_refund_fails_1' }) },
  // Nobody approves: it expires.
  { weight: 2, expected: 'CANCELLED', wish: () => ok('SKU-098') },
  // There are fifty.
  { weight: 6, expected: undefined, wish: () => ok('SKU-050') },
  { weight: 7, expected: undefined, cancelled: true, wish: (dice) => ok(anySku(dice)) },
];
/** The share of orders that are orchestrated. */
const ORCHESTRATED = 0.4;
const WEIGHTS = KINDS.reduce((sum, { weight }) => sum + weight, 0);

/** Places orders of all kinds, one after the other, and remembers how each has to end. */
export class Load {
  readonly buyers: Buyers;
  readonly expected = new Map<Purchase, Expected>();
  readonly #dice: Dice;
  readonly #shops: readonly string[];
  readonly #pending = new Set<Promise<unknown>>();
  #over = false;
  #running: Promise<void> | undefined;

  constructor(shops: readonly string[], dice: Dice) {
    this.#shops = shops;
    this.#dice = dice;
    // Each try draws where it goes.
    this.buyers = new Buyers(() => dice.pick(shops));
  }

  start(everyMs: number): void {
    this.#running = this.#run(everyMs);
  }

  /** No new orders; resolves when the last one is answered. */
  async stop(): Promise<void> {
    this.#over = true;
    await this.#running;
    await Promise.all(this.#pending);
  }

  async #run(everyMs: number): Promise<void> {
    while (!this.#over) {
      const kind = this.#drawn();
      const done = this.#buy(kind).finally(() => this.#pending.delete(done));
      this.#pending.add(done);
      await sleep(everyMs);
    }
  }

  async #buy({ wish, expected, cancelled }: Kind): Promise<void> {
    const waitMs = this.#dice.between(0, 800);
    const orchestrated = this.#dice.chance(ORCHESTRATED);
    const purchase = await this.buyers.buy({ ...wish(this.#dice), orchestrated });
    // The orchestrator gives up a step that nobody answers: whatever goes wrong may be a reason to cancel.
    this.expected.set(purchase, orchestrated && expected === 'CONFIRMED' ? undefined : expected);
    const [orderId] = purchase.orderIds;
    if (!cancelled || orderId === undefined) return;
    await sleep(waitMs);
    const headers = { 'content-type': 'application/json', 'x-customer-id': this.buyers.customer };
    const init = { method: 'POST', headers, body: '{}', signal: AbortSignal.timeout(5_000) };
    await fetch(`${this.#dice.pick(this.#shops)}/orders/${orderId}/cancel`, init).catch(() => undefined);
  }

  #drawn(): Kind {
    let left = this.#dice.between(1, WEIGHTS);
    for (const kind of KINDS) {
      left -= kind.weight;
      if (left <= 0) return kind;
    }
    return KINDS[0] as Kind;
  }
}
