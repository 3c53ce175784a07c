import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectorConfig } from './connector.ts';
import type { ConnectorState, ConnectRest } from './rest.ts';

/** A connector to keep running. */
export interface Kept {
  readonly name: string;
  readonly config: ConnectorConfig;
  /** Why it must not be started now, as part of a sentence; undefined when it may. */
  readonly hindrance: () => Promise<string | undefined>;
}

/** Who is told of a change. */
export interface Told {
  note(line: string): void;
  warn(line: string): void;
}

const lookEveryMs = 500;
const firstBackoffMs = 500;
const longestBackoffMs = 30_000;
/** A connector that ran this long starts again with the shortest wait. */
const healthyMs = 60_000;

/**
 * Keeps a connector running. Gives it to a worker that does not have it (after each start of the worker), restarts a failed
 * task with a growing wait, and starts nothing while there is a hindrance. A connector starts from what its replication slot
 * remembers, and from nothing else. Each change is reported once.
 */
export class Keeper {
  /** Resolves when, for the first time, the connector runs or the reason why it does not was reported. */
  readonly settled: Promise<void>;
  readonly #kept: Kept;
  readonly #rest: ConnectRest;
  readonly #report: Told;
  #settle: () => void = () => {};
  #deployed = false;
  #told = '';
  #failures = 0;
  #startedAt = 0;

  constructor(kept: Kept, rest: ConnectRest, report: Told) {
    this.#kept = kept;
    this.#rest = rest;
    this.#report = report;
    this.settled = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  /** Watches the connector until `signal` is aborted. Never rejects. */
  async keep(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      // A worker that does not answer is started again by its supervisor; the next look finds it.
      const waitMs = await this.#look().catch(() => lookEveryMs);
      await sleep(waitMs, undefined, { signal }).catch(() => {});
    }
    this.#settle();
  }

  /** Takes the next step towards a connector that runs, and says when to look again. */
  async #look(): Promise<number> {
    const state = await this.#rest.stateOf(this.#kept.name);
    switch (state.is) {
      case 'absent':
        return this.#start(() => this.#deploy());
      case 'failed':
        return this.#setAside(state);
      case 'stopped':
        return this.#start(() => (this.#deployed ? this.#resume() : this.#deploy()));
      default:
        // A worker with a memory of its own has it from an earlier start, perhaps with an earlier configuration.
        if (!this.#deployed) await this.#deploy();
        else if (state.is === 'running') this.#tell('');
        return lookEveryMs;
    }
  }

  async #start(start: () => Promise<void>): Promise<number> {
    const hindrance = await this.#kept.hindrance();
    if (hindrance !== undefined) {
      this.#tell(`The connector ${this.#kept.name} is not started: ${hindrance}`);
      return lookEveryMs;
    }
    await start();
    this.#startedAt = Date.now();
    return lookEveryMs;
  }

  async #deploy(): Promise<void> {
    await this.#rest.put(this.#kept.name, this.#kept.config);
    this.#deployed = true;
  }

  async #resume(): Promise<void> {
    await this.#rest.forgetOffsets(this.#kept.name);
    await this.#rest.resume(this.#kept.name);
  }

  async #setAside({ why }: Extract<ConnectorState, { is: 'failed' }>): Promise<number> {
    if (Date.now() - this.#startedAt > healthyMs) this.#failures = 0;
    const waitMs = Math.min(firstBackoffMs * 2 ** this.#failures++, longestBackoffMs);
    this.#tell(`The connector ${this.#kept.name} has failed (${why}); it is started again.`);
    await this.#rest.stop(this.#kept.name);
    return waitMs;
  }

  /** Empty: it runs. */
  #tell(trouble: string): void {
    this.#settle();
    if (trouble === this.#told) return;
    if (trouble === '') this.#report.note(`The connector ${this.#kept.name} runs again.`);
    else this.#report.warn(trouble);
    this.#told = trouble;
  }
}
