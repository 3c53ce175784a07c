import { Agent, request } from 'undici';

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
const TOO_LONG = 'UND_ERR_RES_EXCEEDED_MAX_SIZE';
/** How long a connection that nobody uses is kept; a server that says a shorter time is obeyed. */
const IDLE_MS = 30_000;

/** Over connections that are kept. By undici's `request`: its `fetch` costs four times as much (decision 52). */
export function jsonSide(baseUrl: string): JsonSide {
  const dispatcher = new Agent({ keepAliveTimeout: IDLE_MS, maxResponseSize: LONGEST });
  return {
    async send(path, { method, headers, body = null, signal }) {
      const answer = await request(`${baseUrl}${path}`, { dispatcher, method, headers, body, signal });
      return { status: answer.statusCode, body: jsonIn(await textOf(answer.body)) };
    },
  };
}

/** Of an answer that is too long none: its status is known, and says what the answer is. */
async function textOf(body: { text(): Promise<string> }): Promise<string> {
  try {
    return await body.text();
  } catch (error) {
    if ((error as { code?: unknown }).code === TOO_LONG) return '';
    throw error;
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
