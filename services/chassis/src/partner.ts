import { Retryable } from './failure.ts';
import { type JsonRequest, jsonSide } from './json-request.ts';
import type { CallContext } from './service.ts';

type Json = Readonly<Record<string, unknown>>;

/** As much as is kept of what somebody else says. */
const LONGEST_MESSAGE = 200;

/** Somebody outside who speaks JSON over HTTP and does the work of an idempotency key once. */
export interface Partner {
  /**
   * Sends one request, with the key and the trace of its call. Resolves with any answer that can be read, also a no.
   *
   * @throws Retryable when there is none: the request may or may not have had its effect, and is sent again as it is.
   */
  post(path: string, body: Json, context: CallContext): Promise<PartnerAnswer>;
  /** Looks, without changing anything. Resolves and throws like `post`. */
  get(path: string, context: CallContext): Promise<PartnerAnswer>;
}

/** What a partner answered. Nothing in it is believed until it is looked at. */
export interface PartnerAnswer {
  readonly status: number;
  /** A text of the body that is not empty, or undefined. */
  text(field: string): string | undefined;
  /** A number of the body, or undefined. */
  number(field: string): number | undefined;
  /** `error.code` of the body. */
  readonly errorCode: string | undefined;
  /** `error.message` of the body for people: one line, at most 200 characters. */
  readonly message: string;
  /** For an answer that is neither yes nor no. */
  unclear(): Retryable;
}

/** @param name for people: `payment provider`. */
export function partner(name: string, baseUrl: string): Partner {
  const side = jsonSide(baseUrl);
  const send = async (path: string, request: JsonRequest): Promise<PartnerAnswer> => {
    try {
      const answer = await side.send(path, request);
      return answerOf(name, answer.status, objectOf(answer.body));
    } catch (error) {
      const message = `The ${name} gave no answer that can be read: ${reasonOf(error)}`;
      throw new Retryable('NO_ANSWER', message, { cause: error });
    }
  };
  return {
    post: (path, body, { idempotencyKey, signal, headers }) =>
      send(path, {
        ...{ method: 'POST', body: JSON.stringify(body), signal },
        headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey, ...headers },
      }),
    get: (path, { signal, headers }) => send(path, { method: 'GET', headers, signal }),
  };
}

function answerOf(name: string, status: number, body: Json): PartnerAnswer {
  const error = objectOf(body.error);
  const errorCode = textOf(error.code);
  const message = (textOf(error.message) ?? `The ${name} gave no reason.`)
    .replace(/[\p{Cc}\p{Cs}]/gu, ' ')
    .slice(0, LONGEST_MESSAGE);
  const said = `${status} ${errorCode ?? ''}`.trim();
  return {
    status,
    text: (field) => textOf(body[field]),
    number: (field) => (typeof body[field] === 'number' ? body[field] : undefined),
    errorCode,
    message,
    unclear: () => new Retryable('NO_ANSWER', `The ${name} said neither yes nor no: ${said}, ${message}`),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.length > 0 ? value : undefined;
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message || error.name : String(error));
