import { type Attributes, context, type Link, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Outcome, Reactable } from '../incoming/incoming.ts';
import { SAGA_ID, tracer } from '../telemetry/trace-context.ts';

/**
 * The span of one message: child of the context that produced it, and linked to it, as OpenTelemetry asks for messages
 * that are processed in batches. A command runs in the span of its HTTP request.
 */
export function startSpan(message: Reactable): Span {
  const parent = trace.getSpan(message.parent);
  if (message.kind === 'command') return parent ?? trace.wrapSpanContext(NO_SPAN);
  const producer = parent?.spanContext();
  const links: Link[] = producer === undefined ? [] : [{ context: producer }];
  if (message.kind === 'event') {
    const { topic, partition, offset } = message.record;
    return tracer().startSpan(
      `process ${topic}`,
      {
        kind: SpanKind.CONSUMER,
        links,
        attributes: {
          'messaging.system': 'kafka',
          'messaging.operation.type': 'process',
          'messaging.operation.name': 'process',
          'messaging.destination.name': topic,
          'messaging.destination.partition.id': String(partition),
          'messaging.kafka.offset': Number(offset),
          'messaging.message.id': message.id,
          ...saga(message),
        },
      },
      message.parent,
    );
  }
  return tracer().startSpan(`handle ${message.type}`, { links, attributes: saga(message) }, message.parent);
}

/** Ends a message's span with what it came to, and why. A request's span is ended by the HTTP server. */
export function endSpan(span: Span, outcome: Outcome): void {
  span.setAttribute('troupe.outcome', outcome.kind);
  if ('reason' in outcome) span.setAttribute('troupe.reason', outcome.reason);
  if (outcome.kind === 'dead') span.setStatus({ code: SpanStatusCode.ERROR, message: outcome.reason });
}

/** The work that the messages of a batch share, in a trace of its own that links to theirs. */
export function startBatchSpan(size: number): Span {
  return tracer().startSpan(
    'unit of work',
    { attributes: { 'messaging.batch.message_count': size } },
    context.active(),
  );
}

const saga = (message: Reactable): Attributes => ({
  'troupe.message': message.type,
  'messaging.message.conversation_id': message.correlationId,
  [SAGA_ID]: message.correlationId,
});

const NO_SPAN = { traceId: '0'.repeat(32), spanId: '0'.repeat(16), traceFlags: 0 };
