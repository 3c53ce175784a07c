import { saying } from '../rules/characters.ts';
import { Retryable } from '../rules/failure.ts';
import { Refused } from '../rules/refused.ts';
import { emptyOrTooLong, unstorable } from '../rules/text-faults.ts';

type Json = Readonly<Record<string, unknown>>;

/** Not refused: whoever asked looks whether it can be understood. Nothing in it is believed until it is looked at. */
export interface Accepted {
  readonly status: number;
  /** A text of the body: one that can be stored, of 1 to 500 characters. Undefined for everything else. */
  text(field: string): string | undefined;
  /** A number of the body, or undefined. */
  number(field: string): number | undefined;
  /** For an answer that does not say what it must say: no answer, since nobody knows what was done. */
  unclear(): Retryable;
}

export type JsonAnswer = Accepted | Refused;

export type AnswerKind = 'accepted' | 'refused' | 'none';

/** What an answer over HTTP is, by its status alone, for every port. Redirects answer nothing. */
export function answerKind(status: number): AnswerKind {
  switch (status) {
    // A time-out, a request that came too early, too many of them: about this moment, not about this request.
    case 408:
    case 425:
    case 429:
      return 'none';
    default:
      if (status >= 200 && status < 300) return 'accepted';
      return status >= 400 && status < 500 ? 'refused' : 'none';
  }
}

/** The same request is still being worked on. To take this 409 for a no would forget a booking that is being made. */
const STILL_AT_IT = 'IDEMPOTENCY_KEY_IN_USE';

/** @param name for people: `airline` @param body undefined when it is no JSON @throws Retryable for no answer */
export function jsonAnswer(name: string, status: number, body: unknown): JsonAnswer {
  const { code, message } = causeIn(body);
  const kind = code?.toUpperCase() === STILL_AT_IT ? 'none' : answerKind(status);
  const said = `${status} ${code ?? ''}`.trim();
  switch (kind) {
    case 'none':
      throw noAnswer(`The ${name} answered ${said}, which may pass: ${message ?? NO_REASON}`);
    case 'refused':
      return new Refused({ status, code: code ?? `HTTP_${status}`, detail: message ?? `The ${name} gave no reason.` });
    case 'accepted':
      if (body === undefined) throw noAnswer(`The ${name} gave no answer that can be read: ${said}, and no JSON`);
      return accepted(name, status, objectOf(body));
    default:
      return kind satisfies never;
  }
}

const NO_REASON = 'no reason was given.';

export const noAnswer = (message: string, cause?: unknown): Retryable =>
  new Retryable('NO_ANSWER', message, cause === undefined ? undefined : { cause });

function accepted(name: string, status: number, body: Json): Accepted {
  return {
    status,
    text: (field) => storableText(body[field]),
    number: (field) => (typeof body[field] === 'number' ? body[field] : undefined),
    unclear: () => noAnswer(`The ${name} answered ${status}, and not what was asked for: ${saying(jsonOf(body))}`),
  };
}

/** Of `{"error": {code, message}}`, as many providers have it, or of problem details (RFC 9457). */
function causeIn(body: unknown): { readonly code: string | undefined; readonly message: string | undefined } {
  const whole = objectOf(body);
  const error = objectOf(whole.error);
  const [code, message] = [textOf(error.code) ?? textOf(whole.code), textOf(error.message) ?? textOf(whole.detail)];
  return { code: code && saying(code), message: message && saying(message) };
}

/** Ids of partners are columns with an index. None that anybody gives comes near to this. */
const LONGEST_TEXT = 500;

/** To store half an answer is not possible, nor to wait until a text that PostgreSQL refuses can be stored. */
function storableText(value: unknown): string | undefined {
  const text = textOf(value);
  return text === undefined || (emptyOrTooLong(text, LONGEST_TEXT) ?? unstorable(text)) !== undefined
    ? undefined
    : text;
}

/** What is parsed without recursion may lie too deep to be written with it. */
function jsonOf(body: Json): string {
  try {
    return JSON.stringify(body);
  } catch {
    return 'JSON that is nested without end';
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.length > 0 ? value : undefined;
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}
