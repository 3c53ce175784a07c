import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import { spansOf } from '../src/tracing/otlp.ts';
import { passOn } from '../src/tracing/pass-on.ts';
import { spanReceiver } from '../src/tracing/receiver.ts';
import type { Span } from '../src/tracing/span.ts';
import { tracedIn, traceView } from '../src/tracing/trace-view.ts';
import { exported, SAGA, sent } from './spans.ts';

describe('spans as they are sent', () => {
  it('are read with what the console shows of them', () => {
    const { spans, rejected } = spansOf(exported([sent({ outcome: 'ignored', reason: 'ORDER_ENDED' })]));
    expect(rejected).toBe(0);
    expect(spans).toEqual([
      {
        traceId: '0af7651916cd43dd8448eb211c80319c',
        spanId: 'b7ad6b7169203331',
        parentId: null,
        sagaId: SAGA,
        eventId: 'e-1',
        service: 'payment',
        name: 'process order.events',
        kind: 'consumer',
        startUs: 1_796_083_200_000_000,
        durationUs: 2_500,
        failed: false,
        attributes: expect.objectContaining({ 'troupe.outcome': 'ignored', 'messaging.kafka.offset': '7' }),
      },
    ]);
  });

  it.each([
    ['no trace', { traceId: undefined }],
    ['a trace of zeros', { traceId: '0'.repeat(32) }],
    ['an id that is none', { spanId: "'; DROP TABLE span" }],
    ['no end', { endTimeUnixNano: undefined }],
    ['a time that is none', { startTimeUnixNano: 'yesterday' }],
  ])('are rejected with %s', (_what, wrong) => {
    expect(spansOf(exported([{ ...sent({}), ...wrong }, sent({})]))).toMatchObject({ rejected: 1, spans: [{}] });
  });

  it('take a bounded place, whatever they hold', () => {
    const many = Array.from({ length: 200 }, (_, at) => ({
      key: `k${at}`,
      value: { stringValue: '\u0000'.repeat(5_000) },
    }));
    const [span] = spansOf(exported([{ ...sent({}), name: 'n'.repeat(1_000), attributes: many }])).spans;
    expect(Object.keys(span?.attributes ?? {})).toHaveLength(48);
    expect(
      Object.values(span?.attributes ?? {}).every((value) => value.length === 1_000 && !value.includes('\u0000')),
    ).toBe(true);
    expect(span?.name).toHaveLength(200);
  });

  it('have a saga only when its id is one', () => {
    const odd = { key: 'messaging.message.conversation_id', value: { stringValue: 'not-a-uuid' } };
    expect(spansOf(exported([{ ...sent({}), attributes: [odd] }])).spans[0]?.sagaId).toBeNull();
  });

  it('tell why they failed', () => {
    const failed = { ...sent({}), status: { code: 2, message: 'No such order.' } };
    expect(spansOf(exported([failed])).spans[0]).toMatchObject({
      failed: true,
      attributes: { 'error.message': 'No such order.' },
    });
  });
});

describe('what is shown of spans', () => {
  const [first, second] = spansOf(
    exported([sent({ outcome: 'applied' }), sent({ spanId: '1'.repeat(16), afterUs: 40 })]),
  ).spans as [Span, Span];

  it('is when they were and how long, from the first of them', () => {
    const { traceId, spans, note } = traceView(null, [first, second], '');
    expect({ traceId, note }).toEqual({ traceId: first.traceId, note: '' });
    expect(spans.map(({ start, startUs, durationUs }) => ({ start, startUs, durationUs }))).toEqual([
      { start: '2026-12-01T00:00:00.000Z', startUs: 0, durationUs: 2_500 },
      { start: '2026-12-01T00:00:00.000Z', startUs: 40, durationUs: 2_500 },
    ]);
  });

  it('is why there are none', () => {
    expect(traceView('f'.repeat(32), [], '').note).toContain('OTEL_EXPORTER_OTLP_ENDPOINT');
  });

  it('tells who handled a message, and nothing of a span without an outcome', () => {
    expect(tracedIn([first, second]).handled).toEqual([
      {
        service: 'payment',
        eventId: 'e-1',
        startedAt: '2026-12-01T00:00:00.000Z',
        endedAt: '2026-12-01T00:00:00.002Z',
        outcome: 'applied',
        reason: null,
      },
    ]);
  });

  it('tells when the broker had a record, where it was sent and not refused', () => {
    const sending = { ...sent({}), kind: 4, name: 'send order.events' };
    const attributes = [
      ...sending.attributes,
      { key: 'messaging.destination.name', value: { stringValue: 'order.events' } },
    ];
    const refused = { ...sending, attributes, spanId: '2'.repeat(16), status: { code: 2 } };
    const { spans } = spansOf(exported([refused, { ...sending, attributes }, sending], 'order'));
    expect(tracedIn(spans)).toEqual({
      handled: [],
      sent: [{ eventId: 'e-1', topic: 'order.events', endedAt: '2026-12-01T00:00:00.002Z' }],
    });
  });
});

describe('the receiver of spans', () => {
  let server: Server;
  let url: string;
  const taken: Span[] = [];
  let lost = 0;

  beforeAll(async () => {
    const app = express();
    const take = (spans: readonly Span[]): number => {
      taken.push(...spans);
      return lost;
    };
    app.use('/v1/traces', spanReceiver(take));
    server = createServer(app);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`;
  });
  beforeEach(() => {
    taken.length = 0;
    lost = 0;
  });
  afterAll(() => void server.close());

  const post = (body: string | Uint8Array, headers: Record<string, string> = {}) =>
    fetch(url, { method: 'POST', body: body as string, headers: { 'content-type': 'application/json', ...headers } });
  const json = JSON.stringify(exported([sent({})]));

  it('takes JSON, compressed or not', async () => {
    expect(await (await post(json)).json()).toEqual({});
    expect(await (await post(gzipSync(json), { 'content-encoding': 'gzip' })).json()).toEqual({});
    expect(taken).toHaveLength(2);
  });

  it('says how many it did not keep, and takes the others', async () => {
    lost = 3;
    expect(await (await post(json)).json()).toMatchObject({ partialSuccess: { rejectedSpans: 3 } });
  });

  it.each([
    ['Protocol Buffers', 'application/x-protobuf', 'x', 415, 'OTEL_EXPORTER_OTLP_PROTOCOL=http/json'],
    ['what is no JSON', 'application/json', '{', 400, 'ExportTraceServiceRequest'],
    ['JSON of another form', 'application/json', '{"resourceSpans": 7}', 400, 'ExportTraceServiceRequest'],
    ['null', 'application/json', 'null', 400, 'ExportTraceServiceRequest'],
    ['more than it holds', 'application/json', ' '.repeat(9 * 1_048_576), 413, 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE'],
  ])('refuses %s with what to do', async (_what, type, body, status, remedy) => {
    const answer = await post(body, { 'content-type': type });
    expect(answer.status).toBe(status);
    expect(JSON.stringify(await answer.json())).toContain(remedy);
    expect(taken).toEqual([]);
  });

  it('refuses a small body that grows too large', async () => {
    const answer = await post(gzipSync(' '.repeat(9 * 1_048_576)), { 'content-encoding': 'gzip' });
    expect(answer.status).toBe(413);
  });

  it('is passed on as it came, and whoever takes it there is waited for by nobody', async () => {
    const received: string[] = [];
    const other = createServer((request) => {
      request.setEncoding('utf8').on('data', (chunk) => received.push(`${request.url} ${chunk}`));
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const app = express();
    app.use(
      '/',
      spanReceiver(() => 0, passOn(`http://127.0.0.1:${(other.address() as AddressInfo).port}`)),
    );
    const first = createServer(app);
    await new Promise<void>((resolve) => first.listen(0, '127.0.0.1', resolve));
    const headers = { 'content-type': 'application/json' };
    const to = `http://127.0.0.1:${(first.address() as AddressInfo).port}/`;
    // The other one never answers, and is sent no more than it can hold.
    for (let at = 0; at < 12; at += 1)
      expect((await fetch(to, { method: 'POST', body: json, headers })).status).toBe(200);
    for (let at = 0; received.length < 8 && at < 100; at += 1) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(received).toEqual(Array.from({ length: 8 }, () => `/v1/traces ${json}`));
    for (const open of [other, first]) {
      open.close();
      open.closeAllConnections();
    }
  });

  it('answers GET with what to use instead', async () => {
    const answer = await fetch(url);
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });
});
