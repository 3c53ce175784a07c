import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { NodeSDK, tracing } from '@opentelemetry/sdk-node';
import { z } from 'zod';
import { get } from '../../src/http/route.ts';
import { openShop, problemOf, type Shop, shopRoutes, until } from './shop.ts';

const memory = new tracing.InMemorySpanExporter();
const sdk = new NodeSDK({
  spanProcessors: [new tracing.SimpleSpanProcessor(memory)],
  autoDetectResources: false,
  metricReaders: [],
  logRecordProcessors: [],
});
let shop: Shop;
let activeInHandler: string | undefined;

const traceId = '0af7651916cd43dd8448eb211c80319c';
const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
const active = get('/active', {
  summary: 'Tells the active trace after an await.',
  response: z.object({}),
  handle: async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    activeInHandler = trace.getSpanContext(context.active())?.spanId;
    return { status: 200, body: {} };
  },
});

beforeAll(async () => {
  sdk.start();
  shop = await openShop({ routes: [active, ...shopRoutes] });
});
beforeEach(() => memory.reset());
afterAll(async () => {
  await shop.close();
  await sdk.shutdown();
});

async function spanOf(path: string, init?: RequestInit): Promise<tracing.ReadableSpan> {
  const answer = await shop.fetch(path, init);
  await answer.text();
  return firstEnded();
}

async function firstEnded(): Promise<tracing.ReadableSpan> {
  await until(() => memory.getFinishedSpans().length > 0);
  return memory.getFinishedSpans()[0] as tracing.ReadableSpan;
}

describe('the span of a request', () => {
  it('is named after the route, and child of the caller’s', async () => {
    const span = await spanOf('/orders?limit=5', { headers: { traceparent, 'user-agent': 'curl/8' } });
    expect(span.name).toBe('GET /orders');
    expect(span.parentSpanContext).toMatchObject({ traceId, spanId: 'b7ad6b7169203331', isRemote: true });
    expect(span.attributes).toEqual({
      'http.request.method': 'GET',
      'http.route': '/orders',
      'http.response.status_code': 200,
      'url.path': '/orders',
      'url.query': 'limit=5',
      'url.scheme': 'http',
      'server.address': '127.0.0.1',
      'server.port': shop.port,
      'client.address': '127.0.0.1',
      'network.protocol.version': '1.1',
      'user_agent.original': 'curl/8',
    });
    expect(span.status.code).toBe(SpanStatusCode.UNSET);
  });

  it('is active in the handler, also after it waited', async () => {
    const span = await spanOf('/active');
    expect(activeInHandler).toBe(span.spanContext().spanId);
  });

  it('has the trace id that the answer and the log have', async () => {
    const { traceId: answered } = await problemOf(await shop.fetch('/broken', { headers: { traceparent } }));
    expect(answered).toBe(traceId);
    expect(shop.logged().at(-1)).toMatchObject({ msg: 'a request failed', trace_id: traceId });
    const span = await firstEnded();
    expect(span.status.code).toBe(SpanStatusCode.ERROR);
    expect(span.attributes).toMatchObject({ 'error.type': '500', 'http.response.status_code': 500 });
  });

  it('is no error when the client was wrong, and has no name of a stranger’s choosing', async () => {
    const span = await spanOf('/nowhere/1', { method: 'PATCH' });
    expect(span.name).toBe('PATCH');
    expect(span.attributes).not.toHaveProperty('http.route');
    expect(span.status.code).toBe(SpanStatusCode.UNSET);
  });

  it('starts a trace of its own for a hostile traceparent', async () => {
    const span = await spanOf('/orders', { headers: { traceparent: `00-${'0'.repeat(32)}-x-zz`, tracestate: '=' } });
    expect(span.parentSpanContext).toBeUndefined();
    expect(span.spanContext().traceId).toMatch(/^[0-9a-f]{32}$/);
  });

  it('is not made for what the platform asks', async () => {
    for (const path of ['/livez', '/readyz', '/metrics', '/openapi.json']) await (await shop.fetch(path)).text();
    const span = await spanOf('/orders');
    expect(memory.getFinishedSpans()).toEqual([span]);
  });
});
