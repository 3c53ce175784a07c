import type { Choreography, MapMessage, MapRow, MapService } from '../../map/choreography.ts';
import { flowOf } from '../../ways/flow.ts';
import { grouped } from '../grouped.ts';
import { type ChartEdge, type ChartNode, flowchart } from '../mermaid/flowchart.ts';
import { duration } from '../mermaid/label.ts';
import { classesOf } from './colours.ts';

/** Messages that a service hears, and that lead to the same. They share a node, so that fewer lines cross. */
interface Heard {
  readonly kind: MapMessage['kind'];
  readonly names: readonly string[];
  readonly row: MapRow;
}

/** What one service hears, the calls and timers that hang on it, and what it says. */
export function serviceDiagram(map: Choreography, { name: service }: MapService): string {
  const flow = flowOf(map, 'choreographed');
  const rows = flow.rows.filter((row) => row.service === service && hasEffect(row));
  const heard = together(rows);
  const isTask = ({ kind }: Heard): boolean => kind === 'call' || kind === 'timer';
  const said = [...new Set(rows.flatMap(({ emits }) => emits))];
  const nodes: readonly ChartNode[] = [
    ...heard.map((group): ChartNode => heardNode(map, group, service)),
    ...said.map((name): ChartNode => ({ id: `says_${name}`, shape: 'event', lines: [name], classes: [service] })),
  ];
  const tasks = new Map(heard.filter(isTask).map(({ kind, names: [name = ''] }) => [name, kind]));
  const edges = heard.flatMap(({ kind, names: [first = ''], row }): readonly ChartEdge[] => {
    const within = kind === 'event' && row.withinMs !== undefined ? { lines: [duration(row.withinMs)] } : {};
    const edge = (to: string, isTimer = false): ChartEdge => ({ from: idOf(first), to: [to], ...(!isTimer && within) });
    const started = row.starts.flatMap((name) =>
      tasks.has(name) ? [edge(idOf(name), tasks.get(name) === 'timer')] : [],
    );
    return [...started, ...row.emits.map((name) => edge(`says_${name}`))];
  });
  const used = new Set(nodes.flatMap(({ classes = [] }) => classes));
  const classes = Object.entries(classesOf(map)).filter(([name]) => used.has(name));
  return flowchart({ direction: 'LR', nodes, edges, classes: Object.fromEntries(classes) });
}

/** Whether something follows from a row. */
export const hasEffect = ({ emits, starts }: MapRow): boolean => emits.length + starts.length > 0;

function together(rows: readonly MapRow[]): readonly Heard[] {
  const groups = grouped(rows, ({ hears, emits, starts, withinMs }) =>
    hears.kind === 'event' || hears.kind === 'command'
      ? JSON.stringify([hears.kind, emits, starts, withinMs])
      : hears.name,
  );
  return groups.map((group) => ({
    kind: group[0].hears.kind,
    names: group.map(({ hears }) => hears.name),
    row: group[0],
  }));
}

function heardNode(map: Choreography, { kind, names, row }: Heard, service: string): ChartNode {
  const owner = map.events.find(({ name }) => kind === 'event' && name === names[0])?.owner;
  const timer = map.timers.find(({ name }) => kind === 'timer' && name === row.hears.name);
  const delay = timer?.afterMs === undefined ? [] : [duration(timer.afterMs)];
  return { id: idOf(names[0] ?? ''), shape: kind, lines: [...names, ...delay], classes: [owner ?? service] };
}

const idOf = (name: string): string => `hears_${name}`;
