import {
  type Context,
  createTraceState,
  isSpanContextValid,
  ROOT_CONTEXT,
  type SpanContext,
  type Tracer,
  trace,
} from '@opentelemetry/api';

/** The W3C Trace Context headers, as they lie in a request, a record, an outbox row. */
export interface TraceHeaders {
  readonly traceparent?: string;
  readonly tracestate?: string;
}

/** Version 00, and later versions, which may have more at the end. https://www.w3.org/TR/trace-context/#versioning-of-traceparent */
const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const MAX_TRACEPARENT_CHARACTERS = 200;

/** The context that the headers carry. What is missing, malformed or hostile gives the root context. */
export function contextOf(headers: { readonly traceparent?: unknown; readonly tracestate?: unknown }): Context {
  const { traceparent, tracestate } = headers;
  if (typeof traceparent !== 'string' || traceparent.length > MAX_TRACEPARENT_CHARACTERS) return ROOT_CONTEXT;
  const [, version, traceId, spanId, flags, more] = TRACEPARENT.exec(traceparent) ?? [];
  if (version === undefined || traceId === undefined || spanId === undefined || flags === undefined)
    return ROOT_CONTEXT;
  if (version === '00' && more !== undefined) return ROOT_CONTEXT;
  const carried: SpanContext = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
  if (!isSpanContextValid(carried)) return ROOT_CONTEXT;
  return trace.setSpanContext(
    ROOT_CONTEXT,
    isUsable(tracestate) ? { ...carried, traceState: createTraceState(tracestate) } : carried,
  );
}

/** The headers that carry a context, or a span's own context, on; empty when there is no span in it. */
export function traceHeaders(from: Context | SpanContext): TraceHeaders {
  const span = 'traceId' in from ? from : trace.getSpanContext(from);
  if (span === undefined || !isSpanContextValid(span)) return {};
  const traceparent = `00-${span.traceId}-${span.spanId}-0${span.traceFlags & 1}`;
  const tracestate = span.traceState?.serialize();
  return tracestate === undefined || tracestate === '' ? { traceparent } : { traceparent, tracestate };
}

/**
 * The attribute by which a person finds the spans of a saga in any back end. The conventions have
 * `messaging.message.conversation_id` for it, which is set as well, and which nobody would look for.
 */
export const SAGA_ID = 'saga.id';

/** The tracer of the chassis; before `startTelemetry` its spans record nothing. */
export function tracer(): Tracer {
  return trace.getTracer('@troupe/chassis');
}

function isUsable(tracestate: unknown): tracestate is string {
  return typeof tracestate === 'string' && tracestate !== '';
}
