import { setTimeout as sleep } from 'node:timers/promises';

const BETWEEN_PASSES_MS = 60_000;
/** A step takes a few milliseconds: the database is left to others nine tenths of the time. */
const BETWEEN_STEPS_MS = 50;

/** Removes in small steps, once a minute, until it is stopped. A pass that fails is told, and the next one tries again. */
export class Passes {
  readonly #pass: () => Promise<void>;
  readonly #failed: (error: unknown) => void;
  readonly #stopping = new AbortController();
  #ended: Promise<void> | undefined;

  constructor(pass: () => Promise<void>, failed: (error: unknown) => void) {
    this.#pass = pass;
    this.#failed = failed;
  }

  get stopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  start(): void {
    this.#ended ??= this.#run();
  }

  /** Resolves when the step under way, if any, is done. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#ended;
  }

  /** Between two steps of a pass. Returns early when it is to stop. */
  pause(): Promise<void> {
    return this.#wait(BETWEEN_STEPS_MS);
  }

  async #run(): Promise<void> {
    while (!this.stopping) {
      await this.#pass().catch(this.#failed);
      await this.#wait(BETWEEN_PASSES_MS * (0.5 + Math.random()));
    }
  }

  #wait(ms: number): Promise<void> {
    return sleep(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }
}
