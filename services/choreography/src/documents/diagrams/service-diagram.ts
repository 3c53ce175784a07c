import { durationOf } from '../../checks/finding.ts';
import type { Choreography, MapMessage, MapRow, MapService } from '../../map/choreography.ts';
import { flowOf } from '../../ways/flow.ts';
import { grouped } from '../grouped.ts';
import { type ChartEdge, type ChartNode, flowchart } from '../mermaid/flowchart.ts';
import { classesOf } from './colours.ts';
import { delayLines } from './delay.ts';

/** Messages that a service hears, and that lead to the same. They share a node, so that fewer lines cross. */
interface Heard {
  readonly kind: MapMessage['kind'];
  readonly names: readonly string[];
  /** Of the node: the first of the names. */
  readonly id: string;
  readonly row: MapRow;
}

/**
 * What one service hears, the calls and timers that hang on it, and what it says. What one row says is one node, so that an
 * event may be there several times and lines seldom cross.
 */
export function serviceDiagram(map: Choreography, { name: service }: MapService): string {
  const flow = flowOf(map);
  const rows = flow.rows.filter((row) => row.service === service && hasEffect(row));
  const order = ['event', 'call', 'timer', 'command'];
  const place = ({ kind }: Heard): number => order.indexOf(kind);
  const heard = together(rows).toSorted((one, other) => place(one) - place(other));
  const isTask = ({ kind }: Heard): boolean => kind === 'call' || kind === 'timer';
  const tasks = new Map(heard.filter(isTask).map(({ kind, names: [name = ''] }) => [name, kind]));
  const nodes = heard.flatMap((group): readonly ChartNode[] => {
    const { id, row } = group;
    const says: ChartNode = { id: `${id}_says`, shape: 'event', lines: row.emits, classes: [service] };
    return [heardNode(map, group, service), ...(row.emits.length === 0 ? [] : [says])];
  });
  const edges = heard.flatMap(({ id, kind, row }): readonly ChartEdge[] => {
    const within = kind === 'event' && row.withinMs !== undefined ? { lines: [durationOf(row.withinMs)] } : {};
    const edge = (to: string, isTimer = false): ChartEdge => ({ from: id, to: [to], ...(!isTimer && within) });
    // A timer that sets itself again would be a loop.
    const others = row.starts.filter((name) => name !== id);
    const started = others.flatMap((name) => (tasks.has(name) ? [edge(name, tasks.get(name) === 'timer')] : []));
    return [...started, ...(row.emits.length === 0 ? [] : [edge(`${id}_says`)])];
  });
  return flowchart({ direction: 'LR', nodes, edges, classes: classesOf(map) });
}

/** Whether something follows from a row. */
export const hasEffect = ({ emits, starts }: MapRow): boolean => emits.length + starts.length > 0;

function together(rows: readonly MapRow[]): readonly Heard[] {
  const groups = grouped(rows, ({ hears, emits, starts, withinMs }) =>
    hears.kind === 'event' || hears.kind === 'command'
      ? JSON.stringify([hears.kind, emits, starts, withinMs])
      : hears.name,
  );
  return groups.map((group) => {
    const [row] = group;
    return { id: row.hears.name, kind: row.hears.kind, names: group.map(({ hears }) => hears.name), row };
  });
}

/** In the colour of the service that says it; in none when several do. */
function heardNode(map: Choreography, { id, kind, names }: Heard, service: string): ChartNode {
  const owners =
    kind === 'event' ? map.events.filter(({ name }) => names.includes(name)).map(({ owner }) => owner) : [];
  const [owner = service, ...more] = new Set(owners);
  return {
    id,
    shape: kind,
    lines: [...names, ...delayLines(map, { kind, name: id }, service)],
    classes: more.length === 0 ? [owner] : [],
  };
}
