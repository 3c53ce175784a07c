import { label } from './label.ts';

/** What a node stands for. Each has a shape of its own. */
export type Shape = 'service' | 'event' | 'command' | 'call' | 'timer';

export interface ChartNode {
  readonly id: string;
  readonly shape: Shape;
  readonly lines: readonly string[];
  /** Nodes of one class have one colour. */
  readonly classes?: readonly string[];
}

export interface ChartEdge {
  readonly from: string;
  readonly to: readonly string[];
  readonly lines?: readonly string[];
  readonly dotted?: boolean;
}

export interface Chart {
  readonly direction: 'LR' | 'TB';
  readonly nodes: readonly ChartNode[];
  readonly edges: readonly ChartEdge[];
  /** The style of each class; one that no node has is left out. */
  readonly classes?: Readonly<Record<string, string>>;
}

const AROUND: Readonly<Record<Shape, readonly [string, string]>> = {
  service: ['[', ']'],
  event: ['(', ')'],
  command: ['([', '])'],
  call: ['[[', ']]'],
  timer: ['{{', '}}'],
};

/** A chart in Mermaid's language. */
export function flowchart({ direction, nodes, edges, classes = {} }: Chart): string {
  const used = new Set(nodes.flatMap((node) => node.classes ?? []));
  return [
    `flowchart ${direction}`,
    ...nodes.map(nodeLine),
    ...edges.map(edgeLine),
    ...Object.entries(classes).flatMap(([name, style]) => (used.has(name) ? [`  classDef ${name} ${style}`] : [])),
  ].join('\n');
}

function nodeLine({ id, shape, lines, classes = [] }: ChartNode): string {
  const [open, close] = AROUND[shape];
  return `  ${id}${open}${label(lines)}${close}${classes.map((name) => `:::${name}`).join('')}`;
}

function edgeLine({ from, to, lines = [], dotted = false }: ChartEdge): string {
  const [before, after] = dotted ? ['-.', '.->'] : ['--', '-->'];
  const arrow = dotted ? '-.->' : '-->';
  const text = lines.length === 0 ? arrow : `${before} ${label(lines)} ${after}`;
  return `  ${from} ${text} ${to.join(' & ')}`;
}
