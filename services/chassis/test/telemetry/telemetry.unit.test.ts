import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { context, isSpanContextValid, trace } from '@opentelemetry/api';
import type { Log } from '../../src/telemetry/log.ts';
import { startTelemetry, type Telemetry, type TelemetryConfig } from '../../src/telemetry/telemetry.ts';
import { traceHeaders, tracer } from '../../src/telemetry/trace-context.ts';
import { until } from '../http/shop.ts';

interface SentSpan {
  readonly name: string;
  readonly traceId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, unknown>>;
}

let telemetry: Telemetry | undefined;
let collector: Server | undefined;
afterEach(async () => {
  await telemetry?.shutdown(100);
  trace.disable();
  context.disable();
  collector?.closeAllConnections();
  collector?.close();
});

function start(config: TelemetryConfig, log?: Log): void {
  telemetry = startTelemetry({ name: 'payment', version: '1.2.3' }, config, log);
}

/** A collector that keeps what it is sent over OTLP/HTTP with JSON. */
async function collecting(): Promise<{ endpoint: string; spans: SentSpan[] }> {
  const spans: SentSpan[] = [];
  collector = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { resourceSpans } = JSON.parse(Buffer.concat(chunks).toString());
    for (const { resource, scopeSpans } of resourceSpans)
      for (const span of scopeSpans[0].spans)
        spans.push({ ...span, resource: valuesOf(resource), attributes: valuesOf(span) });
    response.writeHead(request.url === '/v1/traces' ? 200 : 404, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => collector?.listen(0, '127.0.0.1', resolve));
  return { endpoint: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`, spans };
}

const valuesOf = ({ attributes }: { attributes: { key: string; value: Record<string, unknown> }[] }) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

describe('telemetry', () => {
  it('without a collector still has real ids that reach those it calls, and records nothing', () => {
    start({});
    const span = tracer().startSpan('work');
    expect(isSpanContextValid(span.spanContext())).toBe(true);
    expect(span.isRecording()).toBe(false);
    const child = tracer().startSpan('part', {}, trace.setSpan(context.active(), span));
    expect(child.spanContext().traceId).toBe(span.spanContext().traceId);
    expect(traceHeaders(child.spanContext()).traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
  });

  it('carries the active span across awaits', async () => {
    start({});
    const span = tracer().startSpan('work');
    await context.with(trace.setSpan(context.active(), span), async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      expect(trace.getActiveSpan()).toBe(span);
    });
  });

  it('sends its spans with who it is, the last of them when it ends', async () => {
    const { endpoint, spans } = await collecting();
    start({ otelExporterOtlpEndpoint: endpoint });
    const span = tracer().startSpan('charge', { attributes: { amount: 5 } });
    span.end();
    await telemetry?.shutdown();
    expect(spans).toEqual([expect.objectContaining({ name: 'charge', traceId: span.spanContext().traceId })]);
    expect(spans[0]?.attributes).toEqual({ amount: 5 });
    expect(spans[0]?.resource).toMatchObject({
      'service.name': 'payment',
      'service.version': '1.2.3',
      'service.instance.id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it.each([
    ['always_on', undefined, true],
    ['always_off', undefined, false],
    ['traceidratio', 0, false],
    ['parentbased_traceidratio', 1, true],
    ['parentbased_always_off', undefined, false],
  ] as const)('records as OTEL_TRACES_SAMPLER=%s says', (otelTracesSampler, ratio, recorded) => {
    start({ otelTracesSampler, otelTracesSamplerArg: ratio });
    expect(tracer().startSpan('work').isRecording()).toBe(recorded);
  });

  it('ends within its bound when the collector is away', async () => {
    // The SDK goes on trying this long in the background, and would keep this test alive.
    process.env.OTEL_EXPORTER_OTLP_TIMEOUT = '4000';
    start({ otelExporterOtlpEndpoint: 'http://127.0.0.1:1' });
    delete process.env.OTEL_EXPORTER_OTLP_TIMEOUT;
    for (let i = 0; i < 2_000; i += 1) tracer().startSpan('work').end();
    const startedAt = Date.now();
    await telemetry?.shutdown(200);
    expect(Date.now() - startedAt).toBeLessThan(3_500);
  });

  it('warns once, however often the collector refuses', async () => {
    let refused = 0;
    collector = createServer((_request, response) => {
      refused += 1;
      response.writeHead(400).end();
    });
    await new Promise<void>((resolve) => collector?.listen(0, '127.0.0.1', resolve));
    const warn = jest.fn();
    start({ otelExporterOtlpEndpoint: `http://127.0.0.1:${(collector.address() as AddressInfo).port}` }, {
      warn,
    } as unknown as Log);
    for (let wave = 1; wave <= 3; wave += 1) {
      for (let i = 0; i < 512; i += 1) tracer().startSpan('work').end();
      await until(() => refused === wave && warn.mock.calls.length > 0);
    }
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[1]).toBe(
      'Spans could not be sent; they are dropped until the collector answers again.',
    );
  });
});
