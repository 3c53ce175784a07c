import { createServer, type Server } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ended, eventually, place, post } from './system.ts';

interface Span {
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
}
interface ExportedSpans {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly { key: string; value: { stringValue?: string } }[] };
    readonly scopeSpans: readonly { readonly spans: readonly Omit<Span, 'service'>[] }[];
  }[];
}

/** Keeps what every process exports over OTLP/HTTP. */
class Collector {
  readonly spans: Span[] = [];
  readonly #server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
      this.#keep(JSON.parse(text.toString()) as ExportedSpans);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });

  listen = (port: number): Promise<void> => new Promise((resolve) => this.#server.listen(port, '127.0.0.1', resolve));

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #keep({ resourceSpans }: ExportedSpans): void {
    for (const { resource, scopeSpans } of resourceSpans) {
      const service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '?';
      for (const { spans } of scopeSpans) this.spans.push(...spans.map((span) => ({ ...span, service })));
    }
  }
}

/** Processes export on their own time: a span may come before its parent. In the end none is without one. */
function complete(spans: readonly Span[]): boolean {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  return spans.every(({ parentSpanId }) => !parentSpanId || ids.has(parentSpanId));
}

const PROCESSES = ['order', 'payment', 'inventory', 'shipping', 'notification'];

describe('the trace of an order', () => {
  const collector = new Collector();
  // While no collector answers, a process keeps a bounded queue of spans and drops the rest. Once it has been heard
  // here, its queue has room, and no span of a later order is dropped.
  beforeAll(async () => {
    await collector.listen(Number(process.env.TEST_COLLECTOR_PORT));
    await ended((await place('SKU-007')).orderId);
    await eventually(
      async () => new Set(collector.spans.map(({ service }) => service)),
      (heard) => PROCESSES.every((name) => heard.has(name)),
    );
  });
  afterAll(() => collector.close());

  it('is one, from the request to the confirmation and the e-mail, with each step as the child of its cause', async () => {
    const { orderId, traceId } = await place('SKU-007');
    await ended(orderId);
    const spans = await eventually(
      async () => collector.spans.filter((span) => span.traceId === traceId),
      (seen) => seen.some(({ name }) => name === 'send notification.events') && complete(seen),
    );
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    const chain = (span: Span | undefined): string[] =>
      span === undefined ? [] : [...chain(byId.get(span.parentSpanId ?? '')), `${span.service}: ${span.name}`];

    expect(chain(spans.find(({ name, service }) => name === 'Send' && service === 'notification'))).toEqual([
      'order: POST /orders',
      'payment: process order.events',
      'payment: Charge',
      'payment: handle Charge',
      'inventory: process payment.events',
      'shipping: process inventory.events',
      'shipping: Book',
      'shipping: handle Book',
      'order: process shipping.events',
      'notification: process order.events',
      'notification: Send',
    ]);
    const roots = spans.filter(({ parentSpanId }) => !parentSpanId);
    expect(roots.map(({ name }) => name)).toEqual(['POST /orders']);
    const sends = spans.filter(({ name }) => name.startsWith('send ')).map(({ name }) => name);
    const topics = ['order', 'payment', 'inventory', 'shipping', 'notification'];
    expect(new Set(sends)).toEqual(new Set(topics.map((service) => `send ${service}.events`)));
  });

  it('is that of the client when the client sends one', async () => {
    const traceId = 'aaaabbbbccccddddeeeeffff00001111';
    const headers = { traceparent: `00-${traceId}-1234567890abcdef-01` };
    const order = { items: [{ sku: 'SKU-007', quantity: 1 }], paymentToken: 'tok_ok' };
    const { body } = await post<{ traceId: string; orderId: string }>('order', '/orders', order, headers);
    expect(body.traceId).toBe(traceId);
    await ended(body.orderId);
    await eventually(
      async () => collector.spans.filter((span) => span.traceId === traceId),
      (seen) => seen.some(({ service }) => service === 'notification'),
    );
  });
});
