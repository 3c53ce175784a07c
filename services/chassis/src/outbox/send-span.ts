import { type Span, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { contextOf, SAGA_ID, tracer } from '../telemetry/trace-context.ts';
import type { OutboxRecord } from './outbox-record.ts';

/** The last digit of `traceparent` is odd when the trace is sampled (W3C Trace Context, trace-flags). */
const SAMPLED = /[13579bdf]$/;

/**
 * One PRODUCER span for each record of a sampled trace, child of the context that wrote its row. The `traceparent` of
 * the record stays that of the row: consumers, relays and a redelivery agree on the parent.
 * https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/
 */
export function startSendSpans(records: readonly OutboxRecord[]): readonly Span[] {
  const spans: Span[] = [];
  for (const { topic, key, headers } of records) {
    const { traceparent, tracestate } = headers;
    if (traceparent === undefined || !SAMPLED.test(traceparent)) continue;
    const attributes = {
      'messaging.system': 'kafka',
      'messaging.operation.type': 'send',
      'messaging.operation.name': 'send',
      'messaging.destination.name': topic,
      'messaging.message.id': headers.ce_id,
      'messaging.message.conversation_id': headers.ce_correlationid,
      [SAGA_ID]: headers.ce_correlationid,
      'messaging.kafka.message.key': String(key),
      'messaging.batch.message_count': records.length,
    };
    const parent = contextOf({ traceparent, ...(tracestate === undefined ? {} : { tracestate }) });
    spans.push(tracer().startSpan(`send ${topic}`, { kind: SpanKind.PRODUCER, attributes }, parent));
  }
  return spans;
}

/** @param failure why the broker's answer will not be known; undefined when it has every record. */
export function endSendSpans(spans: readonly Span[], failure?: unknown): void {
  for (const span of spans) {
    if (failure !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: String(failure) });
    span.end();
  }
}
