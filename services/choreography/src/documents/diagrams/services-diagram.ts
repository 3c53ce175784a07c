import type { Choreography, MapEvent } from '../../map/choreography.ts';
import { flowOf, heardAs, isEvent, started } from '../../ways/flow.ts';
import { goodWay } from '../../ways/good-way.ts';
import { grouped } from '../grouped.ts';
import { type ChartEdge, flowchart } from '../mermaid/flowchart.ts';

/**
 * The services, and which events go from one to the other. An event goes to the services that say or call something because
 * of it. The events between the same services share a line. Those that go to several come first, since Mermaid's layout has
 * fewer crossings then.
 */
export function servicesDiagram(map: Choreography): string {
  const flow = flowOf(map);
  const good = goodWay(flow);
  const goes = new Set(good.filter(isEvent).map(({ says }) => says.name));
  const receivers = (event: MapEvent): readonly string[] => {
    const acting = flow
      .hearing(heardAs(event))
      .filter((row) => row.emits.length > 0 || started(flow, row, 'call').length > 0);
    return acting.map(({ service }) => service);
  };
  const edges = map.events
    .map((event) => ({ from: event.owner, to: receivers(event), lines: [event.name], dotted: !goes.has(event.name) }))
    .filter(({ to }) => to.length > 0);
  const byService = map.services.flatMap(({ name }) => map.events.filter(({ owner }) => owner === name));
  const inOrder = [...good.filter(isEvent).map(({ says }) => says.name), ...byService.map(({ name }) => name)];
  const place = ({ lines: [name = ''] }: { lines: readonly string[] }): number => inOrder.indexOf(name);
  const isSingle = ({ to }: { to: readonly string[] }): number => Number(to.length === 1);
  const sorted = edges.toSorted((one, other) => isSingle(one) - isSingle(other) || place(one) - place(other));
  const first = good[0];
  const begins = first === undefined ? [] : [{ id: 'begin', shape: 'command', lines: [first.row.hears.name] } as const];
  const enters = first === undefined ? [] : [{ from: 'begin', to: [first.row.service] }];
  return flowchart({ direction: 'LR', nodes: begins, edges: [...enters, ...merged(sorted)] });
}

/** One edge for those that lead from the same service to the same services in the same way. */
function merged(edges: readonly Required<ChartEdge>[]): readonly ChartEdge[] {
  const groups = grouped(edges, ({ from, to, dotted }) => JSON.stringify([from, to, dotted]));
  return groups.map(([first, ...more]) => ({ ...first, lines: [first, ...more].flatMap(({ lines }) => lines) }));
}
