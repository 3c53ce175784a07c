import { randomBytes } from 'node:crypto';

/** What a request came to. Nobody has to catch: a part that is away is a fact, not a failure. */
export type Heard =
  | { readonly kind: 'answer'; readonly status: number; readonly body: unknown }
  | { readonly kind: 'no answer'; readonly reason: string };

export interface Asked {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly withinMs: number;
}

/** Of an answer, in bytes: far above what a page has. */
const LONGEST = 16 * 1024 * 1024;

/** Asks for JSON. What is not JSON is an answer without a body. */
export async function ask(url: string, { method = 'GET', headers = {}, body, withinMs }: Asked): Promise<Heard> {
  try {
    const answer = await fetch(url, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(withinMs),
      redirect: 'error',
    });
    if (Number(answer.headers.get('content-length') ?? 0) > LONGEST) {
      await answer.body?.cancel();
      return { kind: 'no answer', reason: `its answer is larger than ${LONGEST} bytes` };
    }
    return { kind: 'answer', status: answer.status, body: jsonIn(await answer.text()) };
  } catch (error) {
    return { kind: 'no answer', reason: reasonOf(error, withinMs) };
  }
}

/** A page is asked for each second: such a request is no trace that anybody follows. */
export const untraced = (): Readonly<Record<string, string>> => ({
  traceparent: `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`,
});

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `connect ECONNREFUSED 127.0.0.1:3003`: the innermost cause, which names what happened. */
function reasonOf(error: unknown, withinMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${withinMs / 1000} s`;
  const { cause } = error;
  if (cause instanceof AggregateError) return reasonOf(cause.errors[0], withinMs);
  return cause instanceof Error ? cause.message : error.message;
}
