import { Agent, request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const TIMEOUT_MS = 60_000;

/** JSON over connections that are kept: what a client costs here is taken from the system that is measured. */
export class HttpClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 512 });
  readonly #headers: Readonly<Record<string, string>>;

  /** @param headers sent with every request. */
  constructor(headers: Readonly<Record<string, string>> = {}) {
    this.#headers = headers;
  }

  get(url: string): Promise<Answer> {
    return this.#send('GET', url);
  }

  post(url: string, body: object): Promise<Answer> {
    return this.#send('POST', url, JSON.stringify(body));
  }

  close(): void {
    this.#agent.destroy();
  }

  /** Rejects when there is no answer. Nothing is repeated: the server may have done it. */
  #send(method: string, url: string, body?: string): Promise<Answer> {
    const content =
      body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const headers = { ...this.#headers, ...content };
    return new Promise((resolve, reject) => {
      const sent = request(url, { method, agent: this.#agent, timeout: TIMEOUT_MS, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: parsed(chunks) }));
      });
      sent.on('timeout', () => sent.destroy(new Error(`${method} ${url} was not answered in ${TIMEOUT_MS} ms.`)));
      sent.on('error', reject);
      sent.end(body);
    });
  }
}

function parsed(chunks: readonly Buffer[]): unknown {
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    return undefined;
  }
}
