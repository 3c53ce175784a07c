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
  /** Parsed; undefined when it is no JSON, or too long to be an answer. */
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

/** Of the body of an answer, in bytes: thousands of times what a partner has to say. What is longer is not read on. */
const LONGEST = 1024 * 1024;
/** How long a connection that nobody uses is kept; a server that says a shorter time is obeyed. */
const IDLE_MS = 30_000;

/**
 * Over connections that are kept. On node:http, since `fetch` costs several times as much: a third of the CPU of a
 * service that calls once per saga.
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
          const { statusCode: status = 0 } = response;
          const chunks: Buffer[] = [];
          let bytes = 0;
          response.on('data', (chunk: Buffer) => {
            bytes += chunk.length;
            if (bytes <= LONGEST) return void chunks.push(chunk);
            // The status is known, and says what the answer is.
            resolve({ status, body: undefined });
            sent.destroy();
          });
          response.on('error', reject);
          response.on('end', () => resolve({ status, body: jsonIn(Buffer.concat(chunks).toString()) }));
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
