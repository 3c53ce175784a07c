import { setTimeout as sleep } from 'node:timers/promises';
import type { Background } from '@troupe/chassis';

/**
 * Does work again and again, never twice at once: a round that takes longer than its time delays the next one of its own, and
 * nobody else's. `work` bounds itself, and says by itself what went wrong.
 */
export function rounds(everyMs: number, work: () => Promise<void>): Background {
  const stopping = new AbortController();
  const { signal } = stopping;
  let ended: Promise<void> = Promise.resolve();
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      const startedAt = performance.now();
      await work().catch(() => undefined);
      const left = Math.max(50, everyMs - (performance.now() - startedAt));
      await sleep(left, undefined, { signal, ref: false }).catch(() => undefined);
    }
  };
  return {
    start() {
      ended = run();
    },
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}
