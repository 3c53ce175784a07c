import type { ServerResponse } from 'node:http';
import type { Answer } from '../../incoming/answer.ts';

/** An API answers programs, never a page: browsers may neither guess, frame nor keep what it says. */
const SECURITY_HEADERS: readonly (readonly [string, string])[] = [
  ['cache-control', 'no-store'],
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
  ['cross-origin-resource-policy', 'same-origin'],
  ['referrer-policy', 'no-referrer'],
  ['x-content-type-options', 'nosniff'],
];

export function setSecurityHeaders(response: ServerResponse): void {
  for (const [name, value] of SECURITY_HEADERS) response.setHeader(name, value);
}

/** Sends an answer as JSON; one without a body as 204 and the like have it. */
export function respond(response: ServerResponse, { status, headers, body }: Answer): void {
  const text = body === undefined ? undefined : JSON.stringify(body);
  respondText(response, { status, contentType: 'application/json', text, headers });
}

/** Sends text as it is; header names may be of any case. */
export function respondText(
  response: ServerResponse,
  answer: {
    readonly status: number;
    readonly contentType: string;
    readonly text: string | undefined;
    readonly headers?: Answer['headers'] | undefined;
  },
): void {
  setSecurityHeaders(response);
  if (answer.text !== undefined) {
    response.setHeader('content-type', answer.contentType);
    response.setHeader('content-length', Buffer.byteLength(answer.text));
  }
  for (const name in answer.headers) response.setHeader(name, answer.headers[name] ?? '');
  response.statusCode = answer.status;
  response.end(answer.text);
}
