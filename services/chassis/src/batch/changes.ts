import type { Changes, Waiting } from '../service/definition.ts';

interface Waiter<Row> {
  readonly worthALook: (row: Row) => boolean;
  wake(): void;
}

/** Wakes waiters in this process when a row they wait for was committed. */
export class RowChanges<Row = unknown> implements Changes<Row> {
  readonly #waiting = new Map<string, Set<Waiter<Row>>>();

  /** Called after each commit, with the rows that it changed, by key. */
  committed(rows: ReadonlyMap<string, Row>): void {
    if (this.#waiting.size === 0) return;
    for (const [key, row] of rows) {
      for (const waiter of this.#waiting.get(key) ?? []) if (waiter.worthALook(row)) waiter.wake();
    }
  }

  next(key: string, signal: AbortSignal, { pollMs = 500, worthALook = () => true }: Waiting<Row> = {}): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const waiters = this.#waiting.get(key) ?? new Set();
      const wake = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        waiters.delete(waiter);
        if (waiters.size === 0 && this.#waiting.get(key) === waiters) this.#waiting.delete(key);
        resolve();
      };
      const waiter = { worthALook, wake };
      const timer = setTimeout(wake, pollMs);
      signal.addEventListener('abort', wake);
      this.#waiting.set(key, waiters.add(waiter));
    });
  }
}
