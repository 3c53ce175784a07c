import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { log } from './log.ts';
import { invalid, Refusal } from './refusal.ts';

const MOST_BODY_BYTES = 100 * 1024;

/** A request, read whole. */
export interface Request {
  /** The parts of the path that its pattern names. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Parsed JSON; undefined when there was none. */
  readonly body: unknown;
}

export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** Throw a Refusal for a readable error; anything else becomes a 500 and a line in the log. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** `/v1/bookings/:id/cancel` */
  readonly path: string;
  handle(request: Request): Promise<Reply> | Reply;
}

/** Listens at once, so that two processes never share a data folder. Answers when `routes` has resolved. */
export async function listen(
  address: { host: string; port: number },
  routes: Promise<readonly Route[]>,
): Promise<Server> {
  const server = createServer((incoming, response) => {
    void answer(incoming, routes).then((reply) => send(server, response, reply));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address.port, address.host, resolve);
  });
  return server;
}

/** Finishes the requests that are being answered, then ends. */
export async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  await closed;
}

/** `http://127.0.0.1:3011` */
export function urlOf(server: Server): string {
  const { address, port, family } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

async function answer(incoming: IncomingMessage, routes: Promise<readonly Route[]>): Promise<Reply> {
  try {
    const url = new URL(incoming.url ?? '/', 'http://sandbox');
    const [route, params] = find(await routes, incoming.method ?? 'GET', url.pathname);
    const body = route.method === 'POST' ? await jsonBody(incoming) : undefined;
    return await route.handle({ params, query: url.searchParams, headers: incoming.headers, body });
  } catch (error) {
    return refused(error);
  }
}

function find(routes: readonly Route[], method: string, path: string): [Route, Record<string, string>] {
  let known = false;
  for (const route of routes) {
    const params = matched(route.path, path);
    if (params === undefined) continue;
    if (route.method === method) return [route, params];
    known = true;
  }
  const offered = routes.map((route) => `${route.method} ${route.path}`).join(', ');
  if (known) throw new Refusal(405, { code: 'method_not_allowed', message: `Not offered here; offered: ${offered}.` });
  throw new Refusal(404, { code: 'not_found', message: `Nothing is at ${path}; offered: ${offered}.` });
}

function matched(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, part] of wanted.entries()) {
    const value = given[at] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = value;
    else if (part !== value) return undefined;
  }
  return params;
}

async function jsonBody(incoming: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BODY_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  if (bytes === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (error) {
    throw invalid('/', `the body is not JSON: ${(error as Error).message}`);
  }
}

function tooLarge(): Refusal {
  return new Refusal(413, { code: 'too_large', message: `The body is above ${MOST_BODY_BYTES} bytes: send less.` });
}

function refused(error: unknown): Reply {
  if (error instanceof Refusal) return { status: error.status, body: { error: error.body } };
  log('error', 'a request failed', { error: error instanceof Error ? error.stack : String(error) });
  return {
    status: 500,
    body: {
      error: {
        code: 'internal_error',
        message: 'The sandbox failed; its log says why. Nothing was stored: try again.',
      },
    },
  };
}

function send(server: Server, response: ServerResponse, reply: Reply): void {
  if (response.destroyed) return;
  const body = Buffer.from(`${JSON.stringify(reply.body)}\n`);
  response.writeHead(reply.status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': body.length,
    // The client then sends its next request elsewhere, and a stopping process ends at once.
    ...(server.listening && reply.status !== 413 ? {} : { connection: 'close' }),
  });
  response.end(body);
}
