import type { SpanView, TraceView } from '../contract/saga.ts';
import type { HandledSpan, SentSpan } from '../saga/input.ts';
import type { Span } from './span.ts';

/** The spans of a saga as a waterfall; `traceId` is what its events say. */
export function traceView(traceId: string | null, spans: readonly Span[], note: string): TraceView {
  const first = spans[0]?.startUs ?? 0;
  return {
    traceId: traceId ?? spans.find(({ sagaId }) => sagaId !== null)?.traceId ?? null,
    spans: spans.map((span) => viewOf(span, first)),
    note: spans.length === 0 ? NO_SPANS : note,
  };
}

const NO_SPANS =
  'No spans of it are here. Services send them when OTEL_EXPORTER_OTLP_ENDPOINT is the address of this console, and they are kept for a short time.';

function viewOf(span: Span, first: number): SpanView {
  const { spanId, parentId, service, name, kind, startUs, durationUs, failed, attributes } = span;
  return {
    id: spanId,
    parentId,
    service,
    name,
    kind,
    start: momentOf(startUs),
    startUs: startUs - first,
    durationUs,
    failed,
    attributes,
  };
}

/** The messages of a saga, as far as they were traced. */
export interface Traced {
  readonly handled: readonly HandledSpan[];
  readonly sent: readonly SentSpan[];
}

/** @param spans what sent and what handled its messages, oldest first */
export const tracedIn = (spans: readonly Span[]): Traced => ({
  handled: spans.filter(({ kind }) => kind === 'consumer').flatMap(handledOf),
  sent: spans.filter(({ kind, failed }) => kind === 'producer' && !failed).flatMap(sentOf),
});

function sentOf({ eventId, startUs, durationUs, attributes }: Span): readonly SentSpan[] {
  const topic = attributes['messaging.destination.name'];
  return eventId === null || topic === undefined ? [] : [{ eventId, topic, endedAt: momentOf(startUs + durationUs) }];
}

function handledOf({ service, eventId, startUs, durationUs, attributes }: Span): readonly HandledSpan[] {
  const outcome = attributes['troupe.outcome'];
  if (eventId === null || outcome === undefined) return [];
  const reason = attributes['troupe.reason'] ?? null;
  return [{ service, eventId, startedAt: momentOf(startUs), endedAt: momentOf(startUs + durationUs), outcome, reason }];
}

const momentOf = (us: number): string => new Date(us / 1000).toISOString();
