import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Lab } from './lab.ts';
import { LabRefusal } from './refusal.ts';

/** Where the console reaches the lab, and the word that only it knows. */
export interface LabAddress {
  readonly url: string;
  readonly token: string;
  close(): Promise<void>;
}

const BODY_BYTES = 10_000;

/**
 * The lab over HTTP, on loopback, for whoever knows the token: `GET /` shows it; `POST /<id>` takes `{on}` for a switch, and `{key}`
 * for what is sent; `POST /all {on: false}` mends everything.
 */
export async function serveLab(lab: Lab): Promise<LabAddress> {
  const token = randomBytes(24).toString('base64url');
  const server = createServer((request, response) => {
    void answer(lab, token, request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  // It keeps no process alive.
  server.unref();
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Reply {
  readonly status: number;
  readonly body: object;
}

async function answer(lab: Lab, token: string, request: IncomingMessage): Promise<Reply> {
  if (!knows(request, token)) return { status: 403, body: { message: 'The lab does not know you.' } };
  try {
    if (request.method === 'GET') return { status: 200, body: lab.view() };
    return { status: 200, body: { sentence: await done(lab, (request.url ?? '/').slice(1), await bodyOf(request)) } };
  } catch (error) {
    const status = error instanceof LabRefusal ? 409 : 500;
    return { status, body: { message: (error as Error).message } };
  }
}

async function done(lab: Lab, id: string, { on, key }: Readonly<Record<string, unknown>>): Promise<string> {
  if (id === 'all' && on === false) {
    await lab.allOff();
    return 'All switches are off.';
  }
  if (lab.has(id) === 'send') return lab.send(id, typeof key === 'string' ? key : undefined);
  if (typeof on !== 'boolean') throw new LabRefusal(`A switch is turned by {"on": true} or {"on": false}.`);
  await lab.turn(id, on);
  return '';
}

function knows({ headers }: IncomingMessage, token: string): boolean {
  const given = Buffer.from(headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

async function bodyOf(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length > BODY_BYTES) throw new LabRefusal('The body is too large.');
  }
  return text === '' ? {} : JSON.parse(text);
}
