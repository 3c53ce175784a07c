import type { Changes } from './service.ts';

/** Wakes waiters in this process when a row they wait for was committed. */
export class RowChanges implements Changes {
  readonly #waiting = new Map<string, Set<() => void>>();

  /** Called after each commit, with the keys of the rows that it changed. */
  committed(keys: Iterable<string>): void {
    if (this.#waiting.size === 0) return;
    for (const key of keys) {
      for (const wake of this.#waiting.get(key) ?? []) wake();
    }
  }

  next(key: string, signal: AbortSignal, pollMs = 500): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const waiters = this.#waiting.get(key) ?? new Set();
      const wake = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        waiters.delete(wake);
        if (waiters.size === 0 && this.#waiting.get(key) === waiters) this.#waiting.delete(key);
        resolve();
      };
      const timer = setTimeout(wake, pollMs);
      signal.addEventListener('abort', wake);
      this.#waiting.set(key, waiters.add(wake));
    });
  }
}
