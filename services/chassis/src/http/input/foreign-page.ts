import type { IncomingMessage } from 'node:http';
import { HttpProblem } from '../answer/problem.ts';

/**
 * Sends away what a page of another site makes a browser ask: browsers say where a request comes from, and programs do not
 * (https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site).
 * @throws HttpProblem 403
 */
export function refuseForeignPages({ headers }: IncomingMessage): void {
  const site = headers['sec-fetch-site'];
  const foreign = site !== undefined && site !== 'same-origin' && site !== 'none';
  if (!foreign && (headers.origin === undefined || hostOf(headers.origin) === headers.host)) return;
  throw new HttpProblem({
    status: 403,
    code: 'FOREIGN_PAGE',
    title: 'The request comes from a page of another site',
    detail: 'Open the page of this server and do it there, or send the request with a program.',
  });
}

/** Undefined for `null`, which a sandboxed page sends. */
function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
