import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../telemetry/log.ts';

/** Something that is looked at again and again, to be counted and told of. It changes nothing. */
export interface StuckMonitor {
  /** For people: `stuck trips`. */
  readonly name: string;
  /** From the end of one look to the beginning of the next. */
  readonly everyMs: number;
  look(): Promise<void>;
}

/** Looks from its start to its stop. A look that fails is told of, and does not keep the next from happening. */
export class StuckMonitors {
  readonly #stop = new AbortController();
  readonly #stuckMonitors: readonly StuckMonitor[];
  readonly #log: Log;
  #rounds: readonly Promise<void>[] = [];

  constructor(stuckMonitors: readonly StuckMonitor[], log: Log) {
    this.#stuckMonitors = stuckMonitors;
    this.#log = log;
  }

  start(): void {
    this.#rounds = this.#stuckMonitors.map((stuckMonitor) => this.#keepLooking(stuckMonitor));
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#rounds);
  }

  async #keepLooking({ name, everyMs, look }: StuckMonitor): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await look().catch((error: unknown) => this.#log.warn({ err: error }, `cannot look for ${name}; trying again`));
      await sleep(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
