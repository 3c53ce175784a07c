import { isId, short } from '@troupe/chassis/internal';
import { SPAN_KINDS, type Span } from './span.ts';

/**
 * OTLP's JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding), as far as it is read. It comes from whoever
 * can reach the port: nothing is believed before it was looked at.
 */
interface Export {
  readonly resourceSpans?: readonly {
    readonly resource?: { readonly attributes?: Attributes };
    readonly scopeSpans?: readonly { readonly spans?: readonly Sent[] }[];
  }[];
}

interface Sent {
  readonly traceId?: unknown;
  readonly spanId?: unknown;
  readonly parentSpanId?: unknown;
  readonly name?: unknown;
  readonly kind?: unknown;
  readonly startTimeUnixNano?: unknown;
  readonly endTimeUnixNano?: unknown;
  readonly attributes?: Attributes;
  readonly status?: { readonly code?: unknown; readonly message?: unknown };
}

type Attributes = readonly { readonly key?: unknown; readonly value?: Readonly<Record<string, unknown>> }[];

const TRACE_ID = /^(?!0{32})[0-9a-f]{32}$/i;
const SPAN_ID = /^(?!0{16})[0-9a-f]{16}$/i;
/** Nanoseconds between the years 2001 and 2286: shorter or longer is no time of ours. */
const NANOSECONDS = /^\d{19}$/;
const NAME_CHARACTERS = 200;
const VALUE_CHARACTERS = 1_000;
const ATTRIBUTES = 48;
/** The code of a failed span's status. */
const ERROR = 2;

export interface Taken {
  readonly spans: readonly Span[];
  /** Spans that have no ids or times. */
  readonly rejected: number;
}

/** @throws TypeError when it has another form altogether. */
export function spansOf(body: unknown): Taken {
  const spans: Span[] = [];
  let rejected = 0;
  for (const { resource, scopeSpans = [] } of (body as Export).resourceSpans ?? []) {
    const service = short(textOf(resource?.attributes ?? [], 'service.name') ?? 'unknown', NAME_CHARACTERS);
    for (const sent of scopeSpans.flatMap(({ spans: own = [] }) => own)) {
      const span = spanOf(sent, service);
      if (span === undefined) rejected += 1;
      else spans.push(span);
    }
  }
  return { spans, rejected };
}

function spanOf(sent: Sent, service: string): Span | undefined {
  const { traceId, spanId, parentSpanId, name, kind, status } = sent;
  const startUs = microseconds(sent.startTimeUnixNano);
  const endUs = microseconds(sent.endTimeUnixNano);
  if (!matches(TRACE_ID, traceId) || !matches(SPAN_ID, spanId)) return undefined;
  if (startUs === undefined || endUs === undefined) return undefined;
  const attributes = attributesOf(sent.attributes ?? []);
  const failed = status?.code === ERROR;
  if (failed && typeof status.message === 'string' && status.message !== '')
    attributes['error.message'] ??= short(status.message, VALUE_CHARACTERS);
  const sagaId = attributes['messaging.message.conversation_id'];
  return {
    traceId: traceId.toLowerCase(),
    spanId: spanId.toLowerCase(),
    parentId: matches(SPAN_ID, parentSpanId) ? parentSpanId.toLowerCase() : null,
    sagaId: sagaId !== undefined && isId(sagaId) ? sagaId : null,
    eventId: attributes['messaging.message.id'] ?? null,
    service,
    name: short(typeof name === 'string' ? name : '', NAME_CHARACTERS),
    kind: (typeof kind === 'number' ? SPAN_KINDS[kind] : undefined) ?? 'unspecified',
    startUs,
    durationUs: Math.max(0, endUs - startUs),
    failed,
    attributes,
  };
}

const matches = (pattern: RegExp, value: unknown): value is string => typeof value === 'string' && pattern.test(value);

/** 64 bits are a text in OTLP's JSON; some send a number. */
function microseconds(nanoseconds: unknown): number | undefined {
  const text = typeof nanoseconds === 'number' ? nanoseconds.toFixed(0) : nanoseconds;
  return matches(NANOSECONDS, text) ? Number(text.slice(0, -3)) : undefined;
}

function attributesOf(sent: Attributes): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const { key, value } of sent.slice(0, ATTRIBUTES)) {
    const text = textIn(value);
    if (typeof key === 'string' && text !== undefined)
      attributes[short(key, NAME_CHARACTERS)] = short(text, VALUE_CHARACTERS);
  }
  return attributes;
}

const textOf = (attributes: Attributes, wanted: string): string | undefined =>
  textIn(attributes.find(({ key }) => key === wanted)?.value);

/** Of the one member that a value has: `{ "intValue": "12" }`. */
function textIn(value: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const [inner] = Object.values(value ?? {});
  if (inner === undefined || inner === null) return undefined;
  return typeof inner === 'object' ? JSON.stringify(inner) : String(inner);
}
