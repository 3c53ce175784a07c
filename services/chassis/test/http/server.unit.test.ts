import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { post } from '../../src/http/route.ts';
import { createApp } from '../../src/http/server/app.ts';
import { listen } from '../../src/http/server/listen.ts';
import type { CommandBus } from '../../src/incoming/commands.ts';
import { Retryable } from '../../src/rules/failure.ts';
import { get, openShop, Place, problemOf, type Shop, shopRoutes, until } from './shop.ts';

let shop: Shop;
afterEach(() => shop?.close());

const order = { items: [{ sku: 'A', quantity: 1 }] };

/** Sends bytes as they are, and resolves with everything that came back until the server closed. */
function raw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    let received = '';
    socket
      .on('data', (data) => (received += String(data)))
      .on('close', () => resolve(received))
      .on('error', reject);
  });
}

describe('the server', () => {
  it('says no more of itself than it must, and lets no browser keep or frame its answers', async () => {
    shop = await openShop();
    for (const path of ['/orders', '/nowhere', '/livez', '/openapi.json']) {
      const { headers } = await shop.fetch(path);
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('etag')).toBeNull();
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    }
  });

  it('answers HEAD like GET, without the body', async () => {
    shop = await openShop();
    const answer = await shop.fetch('/orders', { method: 'HEAD' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-length')).toBe('12');
    expect(await answer.text()).toBe('');
  });

  it('links the trace of an order for people', async () => {
    shop = await openShop({ links: { trace: 'http://traces.example/{traceId}' } });
    const { traceId, link } = (await (await shop.post('/orders', order)).json()) as Record<string, string>;
    expect(link).toBe(`http://traces.example/${traceId}`);
  });

  it('is live while it answers, ready when every part is, and says why not', async () => {
    shop = await openShop();
    expect(await (await shop.fetch('/livez')).json()).toEqual({ live: true });
    expect(await (await shop.fetch('/readyz')).json()).toEqual({ ready: true });
    shop.readiness.notOk('kafka', 'The broker does not answer.');
    const answer = await shop.fetch('/readyz');
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({ ready: false, reasons: { kafka: 'The broker does not answer.' } });
    shop.readiness.ok('kafka');
    expect((await shop.fetch('/readyz')).status).toBe(200);
  });

  it('measures requests by route and status, never by address', async () => {
    shop = await openShop();
    await shop.fetch('/orders/019a1b2c-3d4e-7f50-8a6b-7c8d9e0f1a2b');
    await shop.fetch('/etc/passwd');
    const answer = await shop.fetch('/metrics');
    expect(answer.headers.get('content-type')).toContain('text/plain');
    const text = await answer.text();
    expect(text).toMatch(
      /http_server_request_duration_seconds_count\{method="GET",route="\/orders\/:orderId",status="404"\} \d/,
    );
    expect(text).toMatch(/http_server_request_duration_seconds_count\{method="GET",route="none",status="404"\} \d/);
    expect(text).not.toContain('passwd');
  });

  it('says which port is taken, and what to do', async () => {
    shop = await openShop();
    await expect(openAgain(shop.port)).rejects.toThrow(
      `Port ${shop.port} is taken: stop what listens there, or set PORT to another one.`,
    );
  });
});

function openAgain(port: number): Promise<unknown> {
  const { bus, readiness } = shop;
  const log = { child: () => log } as never;
  return listen(
    { service: 'x', version: '1', routes: [], commands: bus, readiness, log },
    { port, address: '127.0.0.1' },
  );
}

describe('a command that cannot be taken now', () => {
  const busOf = (execute: CommandBus<string>['execute']): { commands: CommandBus<string> } => ({
    commands: { execute },
  });

  it('is answered 503 with Retry-After, without internals', async () => {
    shop = await openShop(
      busOf(() => Promise.reject(new Retryable('DATABASE_AWAY', 'connect ECONNREFUSED 10.0.0.7:5432'))),
    );
    const answer = await shop.post('/orders', order);
    expect(answer.headers.get('retry-after')).toBe('1');
    const problem = await problemOf(answer);
    expect(problem).toMatchObject({ status: 503, code: 'DATABASE_AWAY' });
    expect(JSON.stringify(problem)).not.toContain('10.0.0.7');
    expect(shop.logged()).toContainEqual(
      expect.objectContaining({ level: 'warn', cause: 'connect ECONNREFUSED 10.0.0.7:5432' }),
    );
  });

  it('is answered 503 when its transaction takes too long', async () => {
    shop = await openShop({ ...busOf(() => new Promise(() => undefined)), limits: { commandMs: 20 } });
    expect(await problemOf(await shop.post('/orders', order))).toMatchObject({
      status: 503,
      code: 'NO_ANSWER_IN_TIME',
    });
  });
});

describe('a route whose database is away', () => {
  /** As Prisma 7 with the pg adapter throws them. */
  const unreachable = { driverAdapterError: { name: 'DriverAdapterError', cause: { kind: 'DatabaseNotReachable' } } };
  const away: readonly (readonly [string, Error])[] = [
    [
      'a typed query',
      Object.assign(new Error('Invalid `prisma.order.findFirst()`'), { code: 'P1001', meta: unreachable }),
    ],
    ['a raw query', Object.assign(new Error('Raw query failed. Code: `N/A`.'), { code: 'P2010', meta: unreachable })],
    ['a connection that broke', new Error('Connection terminated unexpectedly')],
    ['a server that is shutting down', Object.assign(new Error('terminating connection'), { code: '57P01' })],
    ['a refused connection', Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:5432'), { code: 'ECONNREFUSED' })],
  ];
  it.each(away)('is answered 503, not as a mistake: %s', async (_what, error) => {
    const read = get('/read', { summary: 'Reads.', response: z.object({}), handle: () => Promise.reject(error) });
    shop = await openShop({ routes: [read] });
    const answer = await shop.fetch('/read');
    expect(answer.headers.get('retry-after')).toBe('1');
    expect((await problemOf(answer)).status).toBe(503);
  });

  it('a query that the database refuses for its data stays a mistake', async () => {
    const error = Object.assign(new Error('division by zero'), { code: '22012' });
    const read = get('/read', { summary: 'Reads.', response: z.object({}), handle: () => Promise.reject(error) });
    shop = await openShop({ routes: [read] });
    expect((await problemOf(await shop.fetch('/read'))).status).toBe(500);
  });
});

describe('slow and broken clients', () => {
  it('get 408 when their headers do not end, or their body does not', async () => {
    shop = await openShop({ limits: { headersMs: 100, requestMs: 200 } });
    expect(await raw(shop.port, 'GET /orders HTTP/1.1\r\nHost: x\r\n')).toMatch(
      /^HTTP\/1\.1 408 [\s\S]*"code":"REQUEST_TOO_SLOW"/,
    );
    const head = 'POST /orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{';
    expect(await raw(shop.port, head)).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('get 431 for headers without end, 400 for what is not HTTP, as problem details', async () => {
    shop = await openShop();
    const large = `GET / HTTP/1.1\r\nHost: x\r\nX-Large: ${'x'.repeat(20_000)}\r\n\r\n`;
    expect(await raw(shop.port, large)).toMatch(
      /^HTTP\/1\.1 431 [\s\S]*application\/problem\+json[\s\S]*"code":"HEADERS_TOO_LARGE"/,
    );
    expect(await raw(shop.port, 'EHLO troupe\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"MALFORMED_HTTP"/);
  });
});

describe('a client that has left', () => {
  it('ends its waiting query, and does no harm', async () => {
    let state = 'not asked';
    const wait = get('/wait', {
      summary: 'Waits.',
      response: z.object({}),
      handle: ({ signal }) =>
        new Promise((resolve) => {
          state = 'waiting';
          signal.addEventListener('abort', () => {
            state = 'told';
            resolve({ status: 200, body: {} });
          });
        }),
    });
    shop = await openShop({ routes: [wait] });
    const leaving = new AbortController();
    const answer = shop.fetch('/wait', { signal: leaving.signal }).catch(() => 'left');
    await until(() => state === 'waiting');
    leaving.abort();
    expect(await answer).toBe('left');
    await until(() => state === 'told');
    expect((await shop.fetch('/livez')).status).toBe(200);
  });
});

describe('closing', () => {
  it('lets a request in flight end, and takes no new connection', async () => {
    let finish: (() => void) | undefined;
    const execute: CommandBus<string>['execute'] = (_command, answer) =>
      new Promise((resolve) => {
        finish = () => resolve(answer({ kind: 'decided', state: '' }));
      });
    shop = await openShop({ commands: { execute } });
    const placed = shop.post('/orders', order);
    await until(() => finish !== undefined);
    const closed = shop.close();
    await expect(raw(shop.port, 'GET / HTTP/1.1\r\n\r\n')).rejects.toThrow('ECONNREFUSED');
    finish?.();
    expect((await placed).status).toBe(202);
    await closed;
  });

  it('cuts off what does not end in time', async () => {
    let asked = false;
    const execute: CommandBus<string>['execute'] = () => {
      asked = true;
      return new Promise(() => undefined);
    };
    shop = await openShop({ commands: { execute }, limits: { graceMs: 50 } });
    const placed = shop.post('/orders', order);
    const failed = expect(placed).rejects.toThrow('fetch failed');
    await until(() => asked);
    await shop.close();
    await failed;
  });

  it('tells a waiting query to answer now, and frees its keep-alive connection', async () => {
    let waiting = false;
    const wait = get('/wait', {
      summary: 'Waits.',
      response: z.object({}),
      handle: ({ signal }) =>
        new Promise((resolve) => {
          waiting = true;
          signal.addEventListener('abort', () => resolve({ status: 200, body: { state: 'PENDING' } }));
        }),
    });
    shop = await openShop({ routes: [wait] });
    const answer = shop.fetch('/wait');
    await until(() => waiting);
    await shop.close();
    expect(await (await answer).json()).toEqual({ state: 'PENDING' });
  });
});

describe('the app', () => {
  it('refuses a body that lets unknown fields through', () => {
    const loose = post<string>()('/loose', {
      summary: '',
      body: z.strictObject({ items: z.array(z.object({ sku: z.string() })) }),
      response: z.object({}),
      command: () => Place({ items: [], paymentToken: '', customerId: '' }),
      answer: () => ({ status: 200, body: {} }),
    });
    const app = () =>
      createApp({
        service: 'x',
        version: '1',
        routes: [loose],
        commands: shop.bus,
        readiness: shop.readiness,
        log: {} as never,
      });
    expect(app).toThrow('The body of POST /loose accepts unknown fields at /items: use z.strictObject there.');
  });

  it('describes itself as OpenAPI, with problems, keys and the schemas that check requests', async () => {
    shop = await openShop({ routes: shopRoutes });
    const document = await (await shop.fetch('/openapi.json')).json();
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Troupe: shop', version: '1.2.3' } });
    const at = (...path: readonly string[]): unknown =>
      path.reduce<unknown>((part, key) => (part as Record<string, unknown>)[key], document);
    const parametersOf = (...path: readonly string[]): readonly string[] =>
      (at('paths', ...path, 'parameters') as { name: string; in: string; required: boolean }[]).map(
        (parameter) => `${parameter.in} ${parameter.name}${parameter.required ? '' : '?'}`,
      );

    expect(parametersOf('/orders', 'post')).toEqual(['header Idempotency-Key?', 'header X-Customer-Id?']);
    expect(parametersOf('/orders', 'get')).toEqual(['query limit?', 'query state?', 'header X-Customer-Id?']);
    expect(parametersOf('/orders/{orderId}/cancel', 'post')).toContain('path orderId');
    expect(at('paths', '/orders', 'post', 'requestBody')).toMatchObject({ required: true });
    expect(at('paths', '/orders/{orderId}/cancel', 'post', 'requestBody')).toMatchObject({ required: false });
    expect(at('paths', '/orders', 'post', 'requestBody', 'content', 'application/json', 'schema')).toMatchObject({
      additionalProperties: false,
      properties: {
        items: { maxItems: 100, items: { properties: { quantity: { type: 'integer', minimum: 1 } } } },
        note: { maxLength: 200 },
      },
    });
    expect(at('paths', '/orders', 'post', 'responses', '422', 'content')).toEqual({
      'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
    });
    expect(at('paths', '/orders', 'get', 'responses', '2XX', 'content', 'application/json', 'schema')).toEqual({
      $ref: '#/components/schemas/OrderPage',
    });
  });

  it('refers to nothing that is not there', async () => {
    shop = await openShop({ routes: shopRoutes });
    const text = await (await shop.fetch('/openapi.json')).text();
    const document = JSON.parse(text);
    const references = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path ?? '');
    expect(references.length).toBeGreaterThan(5);
    for (const path of references) {
      const target = path.split('/').reduce((part, key) => part?.[key], document);
      expect([path, target]).toEqual([path, expect.anything()]);
    }
  });
});
