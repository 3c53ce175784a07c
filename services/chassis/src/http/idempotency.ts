import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { IdempotencyClaim } from '../incoming/commands.ts';
import { wrongPart } from './answer/problem.ts';

const VISIBLE = /^[\x21-\x7e]{1,255}$/;

export interface ClaimedRequest {
  /** Who acts: the actor of a command, or the operator of an act. */
  readonly client: string;
  readonly method: string;
  /** The route's path, `/trips/:tripId/cancel`, and the values in it: one scope however the address is spelled. */
  readonly path: string;
  readonly params: unknown;
  /** As it was sent, parsed; not nested deeply. */
  readonly body: unknown;
}

/** The claim that an `Idempotency-Key` makes (draft-ietf-httpapi-idempotency-key-header). @throws HttpProblem 400 */
export function claimOf(request: IncomingMessage, claimed: () => ClaimedRequest): IdempotencyClaim | undefined {
  const key = keyOf(request);
  if (key === undefined) return undefined;
  const { client, method, path, params, body } = claimed();
  return {
    scope: `${client} ${method} ${concretePath(path, params)}`,
    key,
    requestHash: createHash('sha256').update(canonicalJson(body)).digest(),
  };
}

/** The request's `Idempotency-Key`. @throws HttpProblem 400 */
export function keyOf({ headers }: IncomingMessage): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined || (typeof key === 'string' && VISIBLE.test(key))) return key;
  throw invalidKey();
}

/** The same text for the same JSON value, whatever the order of its keys (as RFC 8785 sorts them). */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`;
}

function concretePath(path: string, params: unknown): string {
  return path.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String((params as Record<string, unknown>)[name])),
  );
}

const invalidKey = () =>
  wrongPart({
    status: 400,
    code: 'INVALID_IDEMPOTENCY_KEY',
    title: 'The idempotency key is not acceptable',
    field: 'header Idempotency-Key',
    message: 'must be 1 to 255 visible ASCII characters, without spaces, such as a UUID, and be sent once',
  });
