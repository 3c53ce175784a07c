import http from 'node:http';
import https from 'node:https';

export interface JsonRequest {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body?: string;
  readonly signal: AbortSignal;
}

export interface JsonResponse {
  readonly status: number;
  /** Parsed; undefined when it is no JSON. */
  readonly body: unknown;
}

/** One side that speaks JSON. */
export interface JsonSide {
  /**
   * Resolves with the answer, whatever its status and body; redirects are not followed. Rejects when the signal is aborted
   * or the connection breaks.
   */
  send(path: string, request: JsonRequest): Promise<JsonResponse>;
}

/** How long a connection that nobody uses is kept; a server that says a shorter time is obeyed. */
const IDLE_MS = 30_000;

/**
 * Over connections that are kept. On node:http, since `fetch` costs several times as much: a third of the CPU of a
 * service that calls once per order.
 */
export function jsonSide(baseUrl: string): JsonSide {
  const { protocol } = new URL(baseUrl);
  const { Agent, request } = protocol === 'https:' ? https : http;
  const agent = new Agent({ keepAlive: true, timeout: IDLE_MS });
  return {
    send: (path, { method, headers, body, signal }) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
        const options = { method, agent, headers: { ...headers, ...length } };
        const sent = request(`${baseUrl}${path}`, options, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            resolve({ status: response.statusCode ?? 0, body: jsonIn(Buffer.concat(chunks).toString()) });
          });
        });
        const abort = (): void => void sent.destroy(signal.reason);
        signal.addEventListener('abort', abort);
        sent.on('error', reject);
        sent.on('close', () => signal.removeEventListener('abort', abort));
        sent.end(body);
      }),
  };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
