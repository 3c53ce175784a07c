import type { Reached } from '../saga/input.ts';

/** Whether a part answers, and since when it does not. */
export class Reaching {
  #reached: Reached = { awaySince: null, reason: null };
  #pending: Promise<void> | undefined;

  get reached(): Reached {
    return this.#reached;
  }

  /**
   * Never rejects. Work that takes longer than its bound counts as no answer; while it has not ended, the next attempt waits for it
   * and begins no other.
   */
  async attempt(withinMs: number, work: () => Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${withinMs / 1000} s`)), withinMs).unref();
    });
    try {
      this.#pending ??= work().finally(() => {
        this.#pending = undefined;
      });
      await Promise.race([this.#pending, late]);
      this.#reached = { awaySince: null, reason: null };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#reached = { awaySince: this.#reached.awaySince ?? new Date().toISOString(), reason };
    } finally {
      clearTimeout(timer);
    }
  }
}
