import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from './log.ts';

/** Something that is looked at again and again, to be counted and told of. It changes nothing. */
export interface Lookout {
  /** For people: `stuck orders`. */
  readonly name: string;
  /** From the end of one look to the beginning of the next. */
  readonly everyMs: number;
  look(): Promise<void>;
}

/** Looks until it is stopped. A look that fails is told of, and does not keep the next from happening. */
export class Lookouts {
  readonly #stop = new AbortController();
  readonly #rounds: readonly Promise<void>[];

  constructor(lookouts: readonly Lookout[], log: Log) {
    this.#rounds = lookouts.map((lookout) => this.#keepLooking(lookout, log));
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#rounds);
  }

  async #keepLooking({ name, everyMs, look }: Lookout, log: Log): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await look().catch((error: unknown) => log.warn({ err: error }, `cannot look for ${name}; trying again`));
      await sleep(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
