import type { ServiceName } from '@troupe/services';
import type { Kind } from '../../measure/mix.ts';
import { sum } from '../../measure/statistics.ts';
import type { Placed } from '../../measure/target.ts';
import type { TraceSummary } from './traces.ts';

/** Services that a confirmed order passes. */
const ON_THE_WAY: readonly ServiceName[] = ['order', 'payment', 'inventory', 'shipping', 'notification'];

/** What arrived, and what had to. */
export interface TraceEvidence {
  readonly orders: readonly Placed[];
  readonly traces: ReadonlyMap<string, TraceSummary>;
  readonly isKept: (traceId: string) => boolean;
}

interface Traced {
  readonly order: Placed;
  readonly trace: TraceSummary;
}

/** What is wrong with the traces of these orders, as sentences: with one of them, the run has no figures. */
export function traceFaults({ orders, traces, isKept }: TraceEvidence): string[] {
  const toBeKept = ({ traceId }: Placed): boolean => traceId !== undefined && isKept(traceId);
  const kept = orders.filter(toBeKept);
  if (kept.length === 0) return ['Not one order was to be traced: give more of them.'];
  const arrived = (order: Placed): boolean => traces.has(order.traceId ?? '');
  const traced = kept.flatMap((order): Traced[] => {
    const trace = traces.get(order.traceId ?? '');
    return trace === undefined ? [] : [{ order, trace }];
  });
  const others = orders.filter((order) => !toBeKept(order));
  return [
    ...faultOf(
      'orders have no trace, and had to have one',
      kept.filter((order) => !arrived(order)),
    ),
    ...faultOf('orders have a trace, and were to have none', others.filter(arrived)),
    ...faultOf(
      'traces have spans of which the parent did not arrive',
      ordersOf(traced, ({ trace }) => trace.orphans > 0),
    ),
    ...faultOf('traces of confirmed orders miss a service', ordersOf(traced, missesService)),
    ...faultOf('traces have fewer spans than most others of their kind', tooShort(traced)),
  ];
}

/** How many spans arrived of these orders. */
export function spansOf(orders: readonly Placed[], traces: ReadonlyMap<string, TraceSummary>): number {
  return sum(orders.map(({ traceId = '' }) => traces.get(traceId)?.spans ?? 0));
}

const missesService = ({ order, trace }: Traced): boolean =>
  order.kind === 'confirmed' && ON_THE_WAY.some((name) => !trace.services.includes(name));

/** A repeated step makes a trace longer, and nothing makes it shorter: missing spans were lost on their way. */
function tooShort(traced: readonly Traced[]): Placed[] {
  const usual = new Map<Kind, number>();
  for (const kind of new Set(traced.map(({ order }) => order.kind))) {
    usual.set(kind, mostFrequent(traced.filter(({ order }) => order.kind === kind).map(({ trace }) => trace.spans)));
  }
  return ordersOf(traced, ({ order, trace }) => trace.spans < (usual.get(order.kind) ?? 0));
}

function mostFrequent(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [[most] = [0]] = [...counts].sort(([, a], [, b]) => b - a);
  return most;
}

const ordersOf = (traced: readonly Traced[], which: (traced: Traced) => boolean): Placed[] =>
  traced.filter(which).map(({ order }) => order);

function faultOf(what: string, orders: readonly Placed[]): string[] {
  const [first] = orders;
  return first === undefined
    ? []
    : [`${orders.length} ${what}, such as order ${first.orderId}, trace ${first.traceId}.`];
}
