import { Writable } from 'node:stream';
import { z } from 'zod';
import { actorInHeader } from '../../src/http/actor.ts';
import type { Problem } from '../../src/http/answer/problem.ts';
import { reason, text } from '../../src/http/input/fields.ts';
import { get, post, type Route, stream } from '../../src/http/route.ts';
import type { AppOptions } from '../../src/http/server/app.ts';
import { type HttpServer, listen } from '../../src/http/server/listen.ts';
import type { CommandBus, IdempotencyClaim } from '../../src/incoming/commands.ts';
import { Readiness } from '../../src/process/readiness.ts';
import { DomainError } from '../../src/rules/failure.ts';
import { command } from '../../src/rules/messages.ts';
import { createLog } from '../../src/telemetry/log.ts';

const line = z.strictObject({ sku: text(40), quantity: z.number().int().min(1).max(10_000) });
const order = z.strictObject({
  items: z.array(line).min(1).max(100),
  paymentToken: text(100).default('tok_ok'),
  gift: z.enum(['paper', 'box']).optional(),
  note: text(200).optional(),
});
export const Place = command('Place', (data: z.output<typeof order> & { customerId: string }) => data.customerId);

/** The routes of a shop that has one of everything. */
export const shopRoutes: readonly Route<string>[] = [
  post<string>()('/orders', {
    summary: 'Places an order.',
    body: order,
    response: z.object({ placed: z.number(), by: z.string(), traceId: z.string(), link: z.string().optional() }),
    command: ({ body, actor }) => Place({ ...body, customerId: actor }),
    answer: (_result, { body, actor, traceId, traceLink }) => ({
      status: 202,
      headers: { Location: '/orders/1' },
      body: { placed: body.items.length, by: actor, traceId, link: traceLink },
    }),
  }),
  post<string>()('/orders/:orderId/cancel', {
    summary: 'Cancels an order.',
    params: z.object({ orderId: z.uuid() }),
    body: z.strictObject({ reason: text(20).optional() }),
    response: z.object({}),
    command: ({ params }) => Place({ items: [], paymentToken: '', customerId: params.orderId }),
    answer: () => ({ status: 200, body: {} }),
  }),
  post<string>()('/charges', {
    summary: 'For an orchestrator: charges an order.',
    body: z.strictObject({}),
    response: z.object({}),
    asked: 'by an orchestrator',
    command: () => Place({ items: [], paymentToken: '', customerId: 'demo' }),
    answer: () => ({ status: 200, body: {} }),
  }),
  post<string>()('/orders/:orderId/release', {
    summary: 'Releases an order.',
    params: z.object({ orderId: z.uuid() }),
    body: z.strictObject({ reason }),
    response: z.object({}),
    command: ({ params }) => Place({ items: [], paymentToken: '', customerId: params.orderId }),
    act: ({ params, body }) => ({ act: 'order.release', target: params.orderId, reason: body.reason }),
    answer: () => ({ status: 200, body: {} }),
  }),
  get('/orders', {
    summary: 'Lists orders.',
    query: z.object({ limit: z.coerce.number().int().min(1).max(100).default(20), state: z.enum(['open']).optional() }),
    response: z.object({ limit: z.number() }).meta({ id: 'OrderPage' }),
    handle: async ({ query }) => ({ status: 200, body: { limit: query.limit } }),
  }),
  get('/orders/:orderId', {
    summary: 'One order.',
    params: z.object({ orderId: z.uuid() }),
    response: z.object({ orderId: z.string() }),
    handle: async ({ params }) => {
      throw noSuchOrder(params.orderId);
    },
  }),
  get('/broken', {
    summary: 'Throws.',
    response: z.object({}),
    handle: () => Promise.reject(new Error('the secret table customers_2 is missing')),
  }),
];

export function noSuchOrder(orderId: string): DomainError {
  return new DomainError({
    code: 'ORDER_NOT_FOUND',
    status: 404,
    title: 'There is no such order',
    detail: `There is no order ${orderId}; list yours at /orders.`,
  });
}

/** A bus that says yes to everything, and keeps what it was given. */
export class YesBus implements CommandBus<string> {
  readonly taken: { readonly command: unknown; readonly claim: IdempotencyClaim | undefined }[] = [];
  readonly execute: CommandBus<string>['execute'] = async (taken, answer, claim) => {
    this.taken.push({ command: taken, claim });
    return answer({ kind: 'decided', state: 'placed' });
  };
}

export interface Shop extends HttpServer {
  readonly url: string;
  readonly logged: () => readonly Record<string, unknown>[];
  readonly bus: YesBus;
  readonly readiness: Readiness;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
}

/** The shop on a free port, over real HTTP. */
export async function openShop(options: Partial<AppOptions<string>> = {}): Promise<Shop> {
  const lines: string[] = [];
  const sink = new Writable({
    write: (chunk, _encoding, done) => done(lines.push(String(chunk)) < 0 ? new Error() : null),
  });
  const bus = new YesBus();
  const readiness = new Readiness();
  const server = await listen(
    {
      service: 'shop',
      actors: actorInHeader({
        header: 'X-Customer-Id',
        who: 'customer',
        description: 'The acting customer.',
        otherwise: 'demo',
      }),
      version: '1.2.3',
      routes: shopRoutes,
      commands: bus,
      readiness,
      log: createLog('shop', { logLevel: 'debug' }, sink),
      ...options,
    },
    { port: 0, address: '127.0.0.1' },
  );
  const url = `http://127.0.0.1:${server.port}`;
  return {
    ...server,
    url,
    bus,
    readiness,
    logged: () => lines.map((logged) => JSON.parse(logged)),
    fetch: (path, init) => fetch(url + path, init),
    post: (path, body, headers = {}) =>
      fetch(url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
      }),
  };
}

/** The problem of an answer; fails when it is not one. */
export async function problemOf(answer: Response): Promise<Problem> {
  const type = answer.headers.get('content-type');
  if (type !== 'application/problem+json') throw new Error(`${answer.status} ${type}: ${await answer.text()}`);
  const problem = (await answer.json()) as Problem;
  if (problem.status !== answer.status)
    throw new Error(`status ${answer.status}, but the problem says ${problem.status}`);
  return problem;
}

/** Waits until a condition holds. */
export async function until(holds: () => boolean | Promise<boolean>, withinMs = 60_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`did not happen within ${withinMs} ms: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export { get, stream };
