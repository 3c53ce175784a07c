import { createReadStream, existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a request is answered with. Undefined: there is nothing there. `Failure`: a problem with its status. */
export type Answer = (url: URL, method: string, body: unknown) => unknown;
export class Failure {
  readonly status: number;
  readonly title: string;
  readonly detail: string;

  constructor(status: number, title: string, detail: string) {
    this.status = status;
    this.title = title;
    this.detail = detail;
  }
}

export interface Answers {
  /** By path; a star stands for one segment. */
  readonly api: Readonly<Record<string, Answer>>;
  /** What a channel of the stream sends, at once and every second. `tail:` channels are one. */
  readonly live: Readonly<Record<string, (tick: number, channel: string) => unknown>>;
  /** Nothing under `/api` is answered: connections are cut, those that are open as well. */
  readonly away?: boolean;
}

const BUILT = fileURLToPath(new URL('../../dist/web/', import.meta.url));
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
/** As the console's server says it. */
const POLICY = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/** The built page on answers that a test chooses: for what a running stack shows once in a while, or never. */
export function standIn(answers: () => Answers): Server {
  return createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (answers().away && url.pathname.startsWith('/api/')) return response.destroy();
    if (url.pathname === '/api/live') return stream(url, answers, response);
    if (url.pathname.startsWith('/api/')) return answer(url, request, answers(), response);
    const file = `${BUILT}${extname(url.pathname) === '' ? 'index.html' : url.pathname.slice(1)}`;
    if (!existsSync(file)) return response.writeHead(404).end();
    const type = TYPES[extname(file)] ?? 'application/octet-stream';
    response.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY });
    createReadStream(file).pipe(response);
  });
}

async function answer(url: URL, request: IncomingMessage, { api }: Answers, response: ServerResponse) {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  const given = Object.entries(api).find(([path]) => matches(path, url.pathname))?.[1];
  const said = given?.(url, request.method ?? 'GET', text === '' ? null : JSON.parse(text));
  if (said === undefined) return problem(response, new Failure(404, 'There is no such page', 'The stand-in has none.'));
  if (said instanceof Failure) return problem(response, said);
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(said));
}

function problem(response: ServerResponse, { status, title, detail }: Failure) {
  response.writeHead(status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify({ status, title, detail, code: `STAND_IN_${status}` }));
}

function matches(pattern: string, path: string): boolean {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  return wanted.length === given.length && wanted.every((part, at) => part === '*' || part === given[at]);
}

function stream(url: URL, answers: () => Answers, response: ServerResponse) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  const channels = (url.searchParams.get('channels') ?? '').split(',');
  let tick = 0;
  const send = () => {
    if (answers().away) return response.destroy();
    for (const channel of channels) {
      const data = answers().live[channel.replace(/:.*/, '')]?.(tick, channel);
      if (data !== undefined) response.write(`id: ${tick}\nevent: ${channel}\ndata: ${JSON.stringify(data)}\n\n`);
    }
    response.write('event: beat\ndata: {}\n\n');
    tick += 1;
    return undefined;
  };
  send();
  const timer = setInterval(send, 1000);
  response.once('close', () => clearInterval(timer));
}
