/** A span, as Jaeger's query API tells it. */
export interface JaegerSpan {
  readonly traceID: string;
  readonly spanID: string;
  readonly operationName: string;
  readonly processID: string;
  readonly references: readonly { readonly refType: string; readonly spanID: string }[];
  readonly tags: readonly { readonly key: string; readonly value: unknown }[];
}

export interface JaegerTrace {
  readonly traceID: string;
  readonly spans: readonly JaegerSpan[];
  readonly processes: Readonly<Record<string, { readonly serviceName: string }>>;
}

/** Undefined while Jaeger does not have it. */
export async function traceById(jaegerUrl: string, traceId: string): Promise<JaegerTrace | undefined> {
  const [trace] = await tracesAt(`${jaegerUrl}/api/traces/${traceId}`);
  return trace;
}

/** The traces in which a span of the service says that it belongs to the saga. */
export function tracesOfSaga(jaegerUrl: string, service: string, sagaId: string): Promise<readonly JaegerTrace[]> {
  const query = new URLSearchParams({
    service,
    tags: JSON.stringify({ 'saga.id': sagaId }),
    lookback: '1h',
    limit: '20',
  });
  return tracesAt(`${jaegerUrl}/api/traces?${query}`);
}

/** The services that have a span in it, in order. */
export const servicesIn = ({ spans, processes }: JaegerTrace): readonly string[] =>
  [...new Set(spans.map(({ processID }) => processes[processID]?.serviceName ?? '?'))].sort();

/** Spans whose parent has not come. */
export function orphansIn({ spans }: JaegerTrace): readonly string[] {
  const ids = new Set(spans.map(({ spanID }) => spanID));
  const missing = ({ references }: JaegerSpan): boolean =>
    references.some(({ refType, spanID }) => refType === 'CHILD_OF' && !ids.has(spanID));
  return spans.filter(missing).map(({ operationName }) => operationName);
}

async function tracesAt(url: string): Promise<readonly JaegerTrace[]> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  if (response.status === 404) return [];
  if (!response.ok) throw new Error(`GET ${url} was answered ${response.status}: ${await response.text()}`);
  const { data } = (await response.json()) as { readonly data: readonly JaegerTrace[] | null };
  return data ?? [];
}
