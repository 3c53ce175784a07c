import type { SpanView } from '../../../../src/contract/index.ts';

export interface TraceRow {
  readonly span: SpanView;
  readonly depth: number;
}

/** Spans as a tree, each under its parent, by when they began. One whose parent is not here is a root. */
export function traceRows(spans: readonly SpanView[]): {
  readonly rows: readonly TraceRow[];
  readonly totalUs: number;
} {
  const ids = new Set(spans.map((span) => span.id));
  const children = new Map<string | null, SpanView[]>();
  for (const span of spans) {
    const parent = span.parentId !== null && ids.has(span.parentId) && span.parentId !== span.id ? span.parentId : null;
    children.set(parent, [...(children.get(parent) ?? []), span]);
  }
  const rows: TraceRow[] = [];
  const seen = new Set<string>();
  const visit = (span: SpanView, depth: number): void => {
    if (seen.has(span.id)) {
      return;
    }
    seen.add(span.id);
    rows.push({ span, depth });
    for (const child of byStart(children.get(span.id) ?? [])) {
      visit(child, depth + 1);
    }
  };
  for (const root of byStart(children.get(null) ?? [])) {
    visit(root, 0);
  }
  // Spans whose parents form a circle hang on nothing: they are shown all the same.
  for (const span of spans) {
    visit(span, 0);
  }
  return { rows, totalUs: Math.max(1, ...spans.map((span) => span.startUs + span.durationUs)) };
}

const byStart = (spans: readonly SpanView[]): readonly SpanView[] => [...spans].sort((a, b) => a.startUs - b.startUs);
