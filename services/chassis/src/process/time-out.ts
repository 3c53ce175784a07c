import { Retryable } from '../rules/failure.ts';

/**
 * Rejects with a Retryable when the work has not ended after `ms`, and aborts the signal that it was given. Unlike
 * cockatiel's time-out it aborts nothing that has ended in time: to abort makes an error with a stack, each time.
 */
export async function withinTime<Result>(ms: number, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new Retryable('NO_ANSWER', `There was no answer within ${ms} ms.`);
      over.abort(error);
      reject(error);
    }, ms);
  });
  try {
    return await Promise.race([work(over.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
