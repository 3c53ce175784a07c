import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/** A metric that an expression reads, and the labels that it names: those it asks for, and those it groups by. */
export interface Reading {
  readonly metric: string;
  readonly labels: readonly string[];
}

/** @throws Error that shows where the expression is no PromQL */
export function readingsOf(expression: string): readonly Reading[] {
  const text = expression.replaceAll('$__rate_interval', '1m');
  const part = ({ from, to }: SyntaxNode): string => text.slice(from, to);
  const metrics: { metric: string; labels: string[] }[] = [];
  const grouping: string[] = [];
  parser.parse(text).iterate({
    enter({ node, name, type }) {
      if (type.isError) throw new Error(`This is no PromQL behind ${text.slice(0, node.from)} ←: ${text}`);
      if (name === 'VectorSelector') metrics.push({ metric: part(node.firstChild as SyntaxNode), labels: [] });
      if (name !== 'LabelName') return;
      if (node.parent?.name === 'GroupingLabels') grouping.push(part(node));
      else metrics.at(-1)?.labels.push(part(node));
    },
  });
  return metrics.map(({ metric, labels }) => ({ metric, labels: [...labels, ...grouping] }));
}
