import { setTimeout as sleep } from 'node:timers/promises';

/** Turns in a second, at most: so often is there progress to see, and so much shares a transaction. */
const TURNS = 4;

/**
 * How fast a replay goes: as many messages a second as were asked for, spread over it. Time that was lost is not made up
 * for, so that there is no burst after a standstill.
 */
export class Pace {
  /** Messages in one turn. */
  readonly turn: number;
  readonly #msPerMessage: number;
  readonly #now: () => number;
  #nextAt = 0;

  constructor(ratePerSecond: number, now: () => number = () => performance.now()) {
    this.turn = Math.max(1, Math.floor(ratePerSecond / TURNS));
    this.#msPerMessage = 1_000 / ratePerSecond;
    this.#now = now;
  }

  /** Milliseconds until the next turn. */
  get waitMs(): number {
    return Math.max(0, this.#nextAt - this.#now());
  }

  /** A turn begins. */
  begin(messages: number): void {
    this.#nextAt = Math.max(this.#nextAt, this.#now()) + messages * this.#msPerMessage;
  }

  /** Resolves at the next turn, or when aborted. */
  async wait(signal: AbortSignal): Promise<void> {
    await sleep(this.waitMs, undefined, { signal }).catch(() => undefined);
  }
}
