import { mixedOrder } from '../../measure/mix.ts';
import type { Placed, Target } from '../../measure/target.ts';

const LOOK_MS = 20;

/** Places the orders of the mix at a steady pace, whether or not earlier ones are answered or at their end. */
export class Load {
  readonly #target: Target;
  readonly #perSecond: number;
  readonly #first: number;
  readonly #placed: Promise<Placed | undefined>[] = [];
  readonly #startedAt = performance.now();
  readonly #timer: NodeJS.Timeout;
  readonly #faults = new Map<string, number>();
  #ended = 0;

  /** Starts at once. `first`: of the mix. */
  constructor(target: Target, { perSecond, first }: { readonly perSecond: number; readonly first: number }) {
    this.#target = target;
    this.#perSecond = perSecond;
    this.#first = first;
    this.#timer = setInterval(() => this.#catchUp(), LOOK_MS);
  }

  get sent(): number {
    return this.#placed.length;
  }

  /** Orders that were sent and have not come to their end. */
  get onTheirWay(): number {
    return this.sent - this.#ended;
  }

  /** What requests were answered that were not accepted, with how many. */
  get faults(): readonly string[] {
    return [...this.#faults].map(([fault, count]) => `${count} orders: ${fault}`);
  }

  /** No more orders. Resolves with all that were accepted, each with its end. */
  async stop(): Promise<readonly Placed[]> {
    clearInterval(this.#timer);
    return (await Promise.all(this.#placed)).filter((placed) => placed !== undefined);
  }

  #catchUp(): void {
    const due = ((performance.now() - this.#startedAt) * this.#perSecond) / 1_000;
    while (this.sent < due) this.#placed.push(this.#place(this.sent).finally(() => (this.#ended += 1)));
  }

  async #place(index: number): Promise<Placed | undefined> {
    const order = mixedOrder(this.#first + index);
    try {
      const { status, body } = await this.#target.client.post(`${this.#target.url}/orders`, order.body);
      const { orderId, code } = (body ?? {}) as { readonly orderId?: string; readonly code?: string };
      if (status === 202 && orderId !== undefined)
        return { ...order, orderId, end: await this.#target.ends.of(orderId) };
      this.#fault(`answered ${status} ${code ?? ''}`);
    } catch (error) {
      this.#fault((error as Error).message);
    }
    return undefined;
  }

  #fault(what: string): void {
    this.#faults.set(what, (this.#faults.get(what) ?? 0) + 1);
  }
}
