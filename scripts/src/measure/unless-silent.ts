import { StartError } from '@troupe/embedded';
import type { Ends } from './ends.ts';

/** Longer than any order's deadline. */
const SILENCE_MS = 120_000;
const LOOK_EVERY_MS = 1_000;

/**
 * Waits for `work`. Rejects when the signal is aborted, and with a StartError when for two minutes no order has ended and no
 * customer was told.
 */
export function unlessSilent<Result>(
  { ends, signal }: { readonly ends: Ends; readonly signal: AbortSignal },
  work: Promise<Result>,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const timer = setInterval(() => {
      const silence = performance.now() - Math.max(ends.lastNewsAt, begun);
      if (silence > SILENCE_MS) reject(new StartError([`For ${SILENCE_MS / 1000} s no order came to its end.`]));
    }, LOOK_EVERY_MS);
    const stop = (): void => reject(signal.reason);
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    work.then(resolve, reject).finally(() => {
      clearInterval(timer);
      signal.removeEventListener('abort', stop);
    });
  });
}
