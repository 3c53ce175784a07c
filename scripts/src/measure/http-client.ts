import { Agent, request } from 'node:http';
import { StartError } from '@troupe/embedded';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

interface Sending {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const TIMEOUT_MS = 60_000;
/** Servers keep an idle connection for longer: none of them closes one under a request. */
const IDLE_MS = 20_000;

/** Speaks JSON over connections that it keeps. Cheap, since the client runs on the machine that is measured. */
export class HttpClient {
  readonly #agent: Agent;
  readonly #headers: Readonly<Record<string, string>>;

  /** @param headers sent with every request. */
  constructor(headers: Readonly<Record<string, string>> = {}, connections = 512) {
    this.#headers = headers;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections, timeout: IDLE_MS });
  }

  /** The same customer, with at most so many connections of its own. */
  over(connections: number): HttpClient {
    return new HttpClient(this.#headers, connections);
  }

  get(url: string): Promise<Answer> {
    return this.#send('GET', url);
  }

  /** @param headers sent with this request, beside those of every request. */
  post(url: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.#send('POST', url, { body: JSON.stringify(body), headers });
  }

  /** The body of a 200. @throws StartError for any other answer. */
  async wanted<Body>(url: string): Promise<Body> {
    const { status, body } = await this.get(url);
    if (status !== 200) throw new StartError([`GET ${url} was answered ${status}: ${JSON.stringify(body)}`]);
    return body as Body;
  }

  /** All items of a list that comes in pages. `url` has its limit. */
  async pages<Item>(url: string): Promise<Item[]> {
    const items: Item[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const after = cursor ? `&cursor=${encodeURIComponent(cursor)}` : '';
      const page: Page<Item> = await this.wanted(`${url}${after}`);
      items.push(...page.items);
      cursor = page.nextCursor;
    }
    return items;
  }

  close(): void {
    this.#agent.destroy();
  }

  /** Rejects with a StartError when there is no answer. Repeats nothing: the server may have done it. */
  #send(method: string, url: string, sending?: Sending): Promise<Answer> {
    const body = sending?.body;
    const content =
      body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const headers = { ...this.#headers, ...sending?.headers, ...content };
    return new Promise((resolve, reject) => {
      const failed = ({ message }: Error): void =>
        reject(new StartError([`${method} ${url} was not answered: ${message}.`]));
      const sent = request(url, { method, agent: this.#agent, timeout: TIMEOUT_MS, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', failed);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: parsed(chunks) }));
      });
      sent.on('timeout', () => sent.destroy(new Error(`nothing came for ${TIMEOUT_MS} ms`)));
      sent.on('error', failed);
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
