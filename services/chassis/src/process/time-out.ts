import { Retryable } from '../rules/failure.ts';

const noAnswer = (ms: number): Retryable => new Retryable('NO_ANSWER', `There was no answer within ${ms} ms.`);

/**
 * Rejects with `late` when the work has not ended after `ms`, and aborts the signal that it was given. Unlike
 * cockatiel's time-out it aborts nothing that has ended in time: to abort makes an error with a stack, each time.
 */
export async function withinTime<Result>(
  ms: number,
  work: (signal: AbortSignal) => Promise<Result>,
  late: (ms: number) => Retryable = noAnswer,
): Promise<Result> {
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = late(ms);
      over.abort(error);
      reject(error);
    }, ms);
    timer.unref();
  });
  try {
    return await Promise.race([work(over.signal), bound]);
  } finally {
    clearTimeout(timer);
  }
}
