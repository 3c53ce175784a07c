import { Refusal } from './refusal.ts';

/**
 * Does the work of an idempotency key once. The same key again gets the same result, also while the first request is
 * running. The same key with another request is refused with 422. Work that fails leaves no trace: the key is free again.
 */
export class OncePerKey<Result> {
  readonly #requestOf: (result: Result) => string;
  readonly #done = new Map<string, Result>();
  readonly #running = new Map<string, { readonly request: string; readonly result: Promise<Result> }>();

  /** @param requestOf the canonical request that a result answered, to be compared with later ones */
  constructor(requestOf: (result: Result) => string) {
    this.#requestOf = requestOf;
  }

  /** Takes over a result of an earlier run. */
  remember(key: string, result: Result): void {
    this.#done.set(key, result);
  }

  /** @param keep whether the result is final; otherwise the same key runs the work again */
  async do(key: string, request: string, work: () => Promise<Result>, keep = (_: Result) => true): Promise<Result> {
    const done = this.#done.get(key);
    if (done !== undefined) return sameRequest(key, this.#requestOf(done) === request, done);
    const running = this.#running.get(key);
    if (running !== undefined) return sameRequest(key, running.request === request, running.result);
    const result = work();
    this.#running.set(key, { request, result });
    try {
      const worked = await result;
      if (keep(worked)) this.#done.set(key, worked);
      return worked;
    } finally {
      this.#running.delete(key);
    }
  }
}

function sameRequest<T>(key: string, same: boolean, result: T): T {
  if (same) return result;
  throw new Refusal(422, {
    code: 'idempotency_key_reused',
    message: `The Idempotency-Key ${key} was used with another request: send a new key with a new request.`,
    field: 'header idempotency-key',
  });
}
