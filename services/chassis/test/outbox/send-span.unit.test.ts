import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { NodeSDK, tracing } from '@opentelemetry/sdk-node';
import type { OutboxRecord } from '../../src/outbox/outbox-record.ts';
import { endSendSpans, startSendSpans } from '../../src/outbox/send-span.ts';

const exporter = new tracing.InMemorySpanExporter();
const sdk = new NodeSDK({
  spanProcessors: [new tracing.SimpleSpanProcessor(exporter)],
  instrumentations: [],
  autoDetectResources: false,
  metricReaders: [],
  logRecordProcessors: [],
});
beforeAll(() => sdk.start());
afterAll(() => sdk.shutdown());
beforeEach(() => exporter.reset());

const SAMPLED = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const record = (traceparent?: string): OutboxRecord => ({
  topic: 'order.events',
  key: 'order-1',
  value: Buffer.of(0),
  headers: { ce_id: 'event-1', ce_correlationid: 'order-1', ...(traceparent === undefined ? {} : { traceparent }) },
  place: { outbox: 'outbox', position: '1', id: 'event-1' },
  bytes: 1,
});

describe('the trace of a publication', () => {
  it('has a producer span for each sampled row, child of the context that wrote it', () => {
    endSendSpans(startSendSpans([record(SAMPLED), record(SAMPLED.replace(/01$/, '00')), record()]));
    const [span, ...others] = exporter.getFinishedSpans();
    expect(others).toEqual([]);
    expect(span?.name).toBe('send order.events');
    expect(span?.kind).toBe(SpanKind.PRODUCER);
    expect(span?.spanContext().traceId).toBe('0af7651916cd43dd8448eb211c80319c');
    expect(span?.parentSpanContext?.spanId).toBe('b7ad6b7169203331');
    expect(span?.attributes).toMatchObject({
      'messaging.system': 'kafka',
      'messaging.destination.name': 'order.events',
      'messaging.operation.type': 'send',
      'messaging.message.id': 'event-1',
      'messaging.message.conversation_id': 'order-1',
      'saga.id': 'order-1',
    });
  });

  it('leaves the context of the row in the record', () => {
    const sent = record(SAMPLED);
    endSendSpans(startSendSpans([sent]));
    expect(sent.headers.traceparent).toBe(SAMPLED);
  });

  it('says when the broker did not answer', () => {
    endSendSpans(startSendSpans([record(SAMPLED)]), new Error('closed'));
    expect(exporter.getFinishedSpans()[0]?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'Error: closed' });
  });
});
