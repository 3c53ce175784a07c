export interface Waiting<Row> {
  /** After so long it is looked at anyway, since another instance may have committed a change. Default: 500. */
  readonly pollMs?: number;
  /** Whether a change that this process has committed is one to wake up for. Default: each is. */
  readonly worthALook?: (row: Row) => boolean;
}

/** Wakes those who wait for a row: `?wait=` and server-sent events. */
export interface Changes<Row = unknown> {
  /**
   * Resolves after a commit of this process that is worth a look, after `pollMs`, or when aborted. Look before and
   * after.
   */
  next(key: string, signal: AbortSignal, waiting?: Waiting<Row>): Promise<void>;
}

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
