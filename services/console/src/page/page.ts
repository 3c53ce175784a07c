import { fileURLToPath } from 'node:url';
import type { Request, RequestHandler, Response } from 'express';
import { type BuiltFile, BuiltFiles } from './built-files.ts';
import { NOT_BUILT } from './not-built.ts';

/** Where `npm run build` puts the page, seen from `src/page` as from `dist/page`. */
export const BUILT_PAGE = fileURLToPath(new URL('../../dist/web', import.meta.url));

/**
 * Nothing is loaded from elsewhere, no script or style stands in the page itself, and nobody frames it. Images may be data, since
 * an exported drawing is one.
 */
const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** Paths that are no page: an unknown one below them is not found. */
const NO_PAGE = /^\/(?:api|v1|assets)(?:\/|$)/;

/** Serves the built page: its files, and the page itself at each path that is a view of it. */
export function page(folder = BUILT_PAGE): RequestHandler {
  const files = new BuiltFiles(folder);
  return (request, response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return next();
    const index = files.index();
    const file = files.at(request.path);
    if (file !== undefined && file !== index) return send(request, response, file);
    if (NO_PAGE.test(request.path)) return next();
    if (index === undefined) return sendText(response, 503, NOT_BUILT);
    send(request, response, index);
  };
}

function send(request: Request, response: Response, { contentType, immutable, forms }: BuiltFile): void {
  const accepted = request.acceptsEncodings(forms.map(({ encoding }) => encoding));
  const form = forms.find(({ encoding }) => encoding === accepted) ?? forms.at(-1);
  if (form === undefined) return;
  response.set({
    ...PAGE_HEADERS,
    'cache-control': immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    'content-type': contentType,
    'content-length': String(form.bytes.length),
    vary: 'accept-encoding',
  });
  if (form.encoding !== 'identity') response.set('content-encoding', form.encoding);
  response.end(request.method === 'HEAD' ? undefined : form.bytes);
}

function sendText(response: Response, status: number, text: string): void {
  response.status(status).set(PAGE_HEADERS).set('content-type', 'text/plain; charset=utf-8').end(text);
}
