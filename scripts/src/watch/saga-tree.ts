import { type Paint, plain } from '../terminal/paint.ts';
import { nameOf, serviceStyle } from './event-line.ts';
import { statusOf } from './saga-end.ts';
import type { Seen } from './seen.ts';
import { cut } from './text.ts';

interface Look {
  readonly paint: Paint;
  /** Lines are cut to this many characters. */
  readonly width: number;
}

interface Node {
  readonly event: Seen;
  readonly times: number;
  readonly caused: Node[];
}

/**
 * The events of one saga as a tree: each below the one that caused it, with the time since the saga began on the left and
 * the time since its cause beside it. What follows from a step of an orchestrator, which is on no topic, stands below the event that
 * the saga began with; what no known event caused begins at the margin.
 */
export function sagaTree(orderId: string, events: readonly Seen[], look: Look): string[] {
  const roots = treeOf(events);
  const start = Math.min(...events.map(({ at }) => at));
  const end = Math.max(...events.map(({ at }) => at));
  const status = statusOf(events);
  const title = `Order ${orderId}: ${status}, ${count(events.length, 'event')} in ${since(start, end)}`;
  const margin = Math.max(since(start, end).length, 6);
  const lines = roots.flatMap((root) => branch(root, { first: '', rest: '', cause: undefined }));
  return [
    look.paint(title, 'bold', ...(status === 'CONFIRMED' ? (['green'] as const) : [])),
    ...lines.map(({ lead, node, cause }) => {
      const from = look.paint(since(start, node.event.at).padStart(margin), 'dim');
      return `${from}  ${look.paint(lead, 'dim')}${leaf(node, cause, { ...look, width: look.width - margin - 2 - lead.length })}`;
    }),
  ];
}

interface Line {
  /** The branches that lead here. */
  readonly lead: string;
  readonly node: Node;
  readonly cause: Seen | undefined;
}

interface Lead {
  readonly first: string;
  readonly rest: string;
  readonly cause: Seen | undefined;
}

function branch(node: Node, { first, rest, cause }: Lead): Line[] {
  const below = node.caused.flatMap((child, index) => {
    const isLast = index === node.caused.length - 1;
    const lead = { first: `${rest}${isLast ? '└─ ' : '├─ '}`, rest: `${rest}${isLast ? '   ' : '│  '}` };
    return branch(child, { ...lead, cause: node.event });
  });
  return [{ lead: first, node, cause }, ...below];
}

function leaf({ event, times }: Node, cause: Seen | undefined, { paint, width }: Look): string {
  const gap = cause === undefined ? '' : `, +${since(cause.at, event.at)}`;
  const twice = times > 1 ? `, published ${times} times` : '';
  const used = nameOf(event, plain).length + ` (${event.service}${gap}${twice})`.length;
  const details = event.details === '' ? '' : cut(`  ${event.details}`, Math.max(width - used, 0));
  const service = paint(event.service, ...serviceStyle(event.service));
  return `${nameOf(event, paint)} ${paint('(', 'dim')}${service}${paint(`${gap}${twice})`, 'dim')}${details}`;
}

/** Of several effects of one cause, the earliest first. Every event appears once, whatever it names as its cause. */
function treeOf(events: readonly Seen[]): Node[] {
  const nodes = new Map<string, Node>();
  for (const event of [...events].sort((a, b) => a.at - b.at)) {
    const known = nodes.get(event.id);
    nodes.set(event.id, known ? { ...known, times: known.times + 1 } : { event, times: 1, caused: [] });
  }
  return [...nodes.values()].filter((node) => {
    const cause = causeOf(node, nodes);
    cause?.caused.push(node);
    return cause === undefined;
  });
}

/** Undefined for a root, and for records that name one another in a circle: they must not vanish. */
function causeOf({ event }: Node, nodes: ReadonlyMap<string, Node>): Node | undefined {
  const above = ({ cause, orderId }: Seen): Node | undefined =>
    cause === undefined ? undefined : (nodes.get(cause) ?? nodes.get(orderId));
  const passed = new Set<Node>();
  for (let node = above(event); node !== undefined; node = above(node.event)) {
    if (node.event.id === event.id) return undefined;
    if (passed.has(node)) break;
    passed.add(node);
  }
  return above(event);
}

function since(from: number, to: number): string {
  const ms = to - from;
  return Math.abs(ms) < 10_000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`;
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
