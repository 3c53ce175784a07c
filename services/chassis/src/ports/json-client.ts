import { Agent, request } from 'undici';
import { type JsonAnswer, jsonAnswer, noAnswer } from './json-answer.ts';
import type { CallContext } from './port.ts';

/** Somebody outside who speaks JSON over HTTP and does the work of an idempotency key once. */
export interface JsonClient {
  /**
   * Sends one request, with the key and the trace of its call. Resolves with yes or no; `answerKind` says which is which.
   *
   * @throws Retryable when there is no answer: the request may or may not have had its effect, and is sent again as it is.
   */
  post(path: string, body: Readonly<Record<string, unknown>>, context: CallContext): Promise<JsonAnswer>;
  /** Looks, without changing anything. Resolves and throws like `post`. */
  get(path: string, context: CallContext): Promise<JsonAnswer>;
}

interface JsonRequest {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body?: string;
  readonly signal: AbortSignal;
}

/** Of the body of an answer, in bytes: thousands of times what a partner has to say. What is longer is not read on. */
const LONGEST = 1024 * 1024;
const TOO_LONG = 'UND_ERR_RES_EXCEEDED_MAX_SIZE';
/** How long a connection that nobody uses is kept; a server that says a shorter time is obeyed. */
const IDLE_MS = 30_000;

/**
 * Over connections that are kept, by undici's `request`: its `fetch` costs four times as much (decision 52).
 * @param name for people: `airline`.
 */
export function jsonClient(name: string, baseUrl: string): JsonClient {
  const dispatcher = new Agent({ keepAliveTimeout: IDLE_MS, maxResponseSize: LONGEST });
  const heard = async (path: string, { body, ...asked }: JsonRequest) => {
    const answer = await request(`${baseUrl}${path}`, { dispatcher, body: body ?? null, ...asked });
    return { status: answer.statusCode, body: jsonIn(await textOf(answer.body)) };
  };
  const send = async (path: string, asked: JsonRequest): Promise<JsonAnswer> => {
    const { status, body } = await heard(path, asked).catch((error: unknown): never => unheard(name, error));
    return jsonAnswer(name, status, body);
  };
  return {
    post: (path, body, { idempotencyKey, signal, headers }) =>
      send(path, {
        method: 'POST',
        body: JSON.stringify(body),
        signal,
        headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey, ...headers },
      }),
    get: (path, { signal, headers }) => send(path, { method: 'GET', headers, signal }),
  };
}

function unheard(name: string, error: unknown): never {
  const reason = error instanceof Error ? error.message || error.name : String(error);
  throw noAnswer(`The ${name} gave no answer that can be read: ${reason}`, error);
}

/** Of an answer that is too long none: its status is known, and says what the answer is. */
async function textOf(body: { text(): Promise<string> }): Promise<string> {
  try {
    return await body.text();
  } catch (error) {
    if ((error as { code?: unknown }).code === TOO_LONG) return '';
    throw error;
  }
}

/** Undefined when it is no JSON, or too long to be an answer. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
