import { createServer, type IncomingMessage } from 'node:http';
import type { PeerOrder, Reason } from './steps.ts';

export interface WantedOrder extends PeerOrder {
  readonly paymentToken: string;
}

/** As our order service answers it. */
export interface EndedOrder {
  readonly orderId: string;
  readonly status: 'CONFIRMED' | 'CANCELLED';
  readonly reason: Reason | null;
}

export interface Accepted {
  /** Resolves when the end can be read from the database. */
  readonly ended: Promise<EndedOrder>;
}

/**
 * `POST /orders` of a peer, on node:http alone: without validation, idempotency keys, identity, traces or metrics. Answers
 * 200 when the order is at its end, or 202 at once with `?wait=no`.
 */
export function listen(port: number, place: (order: WantedOrder) => Promise<Accepted>): void {
  const server = createServer((request, response) => {
    const answer = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    if (request.method !== 'POST') return answer(200, {});
    void (async () => {
      const order = orderFrom(JSON.parse(await bodyOf(request)) as WantedBody, crypto.randomUUID());
      const { ended } = await place(order);
      if (request.url?.endsWith('?wait=no')) return answer(202, { orderId: order.orderId });
      answer(200, await ended);
    })().catch((error: Error) => answer(500, { detail: error.message }));
  });
  // A client may keep a connection longer than Node's five seconds, and would then send into one that is being closed.
  server.keepAliveTimeout = 600_000;
  server.listen(port, '127.0.0.1');
}

/** The body that our order service takes as well. */
export interface WantedBody {
  readonly items: readonly [{ readonly sku: string; readonly quantity: number }];
  readonly paymentToken: string;
}

/** A peer's order is of one product. */
export function orderFrom({ items: [item], paymentToken }: WantedBody, orderId: string): WantedOrder {
  return { orderId, sku: item.sku, quantity: item.quantity, paymentToken };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
