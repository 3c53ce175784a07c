import { setTimeout as sleep } from 'node:timers/promises';

/** Turns in a second, at most: so often is there progress to see, and so much shares a transaction. */
const TURNS = 4;

/** So many messages a second, spread over it. Lost time is not made up for: no burst comes after a standstill. */
export class Pace {
  readonly turn: number;
  readonly #msPerMessage: number;
  readonly #now: () => number;
  #nextAt = 0;

  constructor(ratePerSecond: number, now: () => number = () => performance.now()) {
    this.turn = Math.max(1, Math.floor(ratePerSecond / TURNS));
    this.#msPerMessage = 1_000 / ratePerSecond;
    this.#now = now;
  }

  get waitMs(): number {
    return Math.max(0, this.#nextAt - this.#now());
  }

  begin(messages: number): void {
    this.#nextAt = Math.max(this.#nextAt, this.#now()) + messages * this.#msPerMessage;
  }

  async wait(signal: AbortSignal): Promise<void> {
    await sleep(this.waitMs, undefined, { signal }).catch(() => undefined);
  }
}
