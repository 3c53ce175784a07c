/** What an exporter sends over OTLP/HTTP as JSON; of it, what is looked at. */
export interface ExportedSpans {
  readonly resourceSpans: readonly {
    readonly resource: {
      readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
    };
    readonly scopeSpans: readonly { readonly spans: readonly ExportedSpan[] }[];
  }[];
}

export interface ExportedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
}

export interface TraceSummary {
  readonly traceId: string;
  readonly spans: number;
  /** Spans of which the parent did not arrive. */
  readonly orphans: number;
  /** Whose spans they are. */
  readonly services: readonly string[];
}

interface Trace {
  /** The parent of each span; undefined of the first. */
  readonly parents: Map<string, string | undefined>;
  readonly services: Set<string>;
}

/** All spans that have arrived, by trace. One that was sent twice counts once. */
export class Traces {
  readonly #traces = new Map<string, Trace>();

  take({ resourceSpans }: ExportedSpans): void {
    for (const { resource, scopeSpans } of resourceSpans) {
      const service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
      for (const { spans } of scopeSpans) for (const span of spans) this.#add(service, span);
    }
  }

  summaries(): TraceSummary[] {
    return [...this.#traces].map(([traceId, { parents, services }]) => ({
      traceId,
      spans: parents.size,
      services: [...services],
      orphans: [...parents.values()].filter((parent) => parent !== undefined && !parents.has(parent)).length,
    }));
  }

  #add(service: string, { traceId, spanId, parentSpanId }: ExportedSpan): void {
    const trace = this.#traces.get(traceId) ?? { parents: new Map(), services: new Set() };
    this.#traces.set(traceId, trace);
    trace.parents.set(spanId, parentSpanId || undefined);
    trace.services.add(service);
  }
}
