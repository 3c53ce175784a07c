import { type JsonAnswer, jsonAnswer, noAnswer } from './json-answer.ts';
import { type JsonRequest, jsonSide } from './json-request.ts';
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

/** @param name for people: `airline`. */
export function jsonClient(name: string, baseUrl: string): JsonClient {
  const side = jsonSide(baseUrl);
  const send = async (path: string, request: JsonRequest): Promise<JsonAnswer> => {
    const { status, body } = await side.send(path, request).catch((error: unknown): never => unheard(name, error));
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
  throw noAnswer(`The ${name} gave no answer that can be read: ${reasonOf(error)}`, error);
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message || error.name : String(error));
