import { setMaxListeners } from 'node:events';
import { createServer, type Server, type ServerOptions } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HTTP_LIMITS, type HttpLimits } from '../../configuration/http-limits.ts';
import { type AppOptions, createApp } from './app.ts';
import { answerMalformed } from './malformed.ts';

export interface HttpServer {
  /** The port that it really listens on. */
  readonly port: number;
  /**
   * Ends streams and waiting queries, lets other requests end within `graceMs`, and cuts off what is left. Safe to call
   * twice. Set readiness to not ok before.
   */
  close(): Promise<void>;
}

/** Starts the server; port 0 takes a free one. @throws Error that says what to do when the port cannot be used. */
export async function listen<State>(
  options: Omit<AppOptions<State>, 'stopping'>,
  at: { readonly port: number; readonly address: string },
): Promise<HttpServer> {
  const limits = { ...HTTP_LIMITS, ...options.limits };
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  const server = createServer(serverOptions(limits), createApp({ ...options, stopping: stopping.signal }));
  server.setTimeout(limits.silenceMs);
  server.on('clientError', answerMalformed);
  await bound(server, at);
  let closed: Promise<void> | undefined;
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      closed ??= drain(server, stopping, limits.graceMs);
      return closed;
    },
  };
}

/** What Node itself enforces. */
const serverOptions = (limits: HttpLimits): ServerOptions => ({
  maxHeaderSize: limits.headerBytes,
  headersTimeout: limits.headersMs,
  requestTimeout: limits.requestMs,
  keepAliveTimeout: limits.keepAliveMs,
  connectionsCheckingInterval: Math.min(5_000, limits.headersMs),
  requireHostHeader: true,
});

function bound(server: Server, { port, address }: { readonly port: number; readonly address: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new Error(explained(error, port, address), { cause: error })),
    );
    server.listen(port, address, resolve);
  });
}

function explained({ code, message }: NodeJS.ErrnoException, port: number, address: string): string {
  if (code === 'EADDRINUSE') return `Port ${port} is taken: stop what listens there, or set PORT to another one.`;
  if (code === 'EACCES') return `Port ${port} may not be used by this user: set PORT to one above 1023.`;
  return `Cannot listen on ${address}, port ${port} (${message}): set LISTEN_ADDRESS and PORT to what this machine has.`;
}

async function drain(server: Server, stopping: AbortController, graceMs: number): Promise<void> {
  const ended = new Promise<void>((resolve) => server.close(() => resolve()));
  stopping.abort();
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  // A connection that was busy when the server closed is idle afterwards, unless its client closes it.
  const idle = setInterval(() => server.closeIdleConnections(), 100);
  await ended;
  clearTimeout(cut);
  clearInterval(idle);
}
