import type { MapSaga, MapStep } from '../../map/choreography.ts';
import { type ChartEdge, type ChartNode, flowchart } from '../mermaid/flowchart.ts';
import { duration } from '../mermaid/label.ts';

/** An orchestrated saga: its steps from left to right, and below them what undoes each, from right to left. */
export function sagaDiagram({ steps, service }: MapSaga): string {
  const undone = steps.flatMap(({ compensation }, at) => (compensation === undefined ? [] : [{ compensation, at }]));
  const nodes: readonly ChartNode[] = [
    ...steps.map((step, at) => stepNode(`step${at}`, step, service)),
    ...undone.map(({ compensation, at }) => stepNode(`undo${at}`, compensation, service)),
  ];
  const edges: readonly ChartEdge[] = [
    ...steps.slice(1).map((step, at) => edgeTo(`step${at}`, `step${at + 1}`, step, false)),
    ...undone.map(({ at, compensation }) => edgeTo(`step${at}`, `undo${at}`, compensation, true)),
    ...undone
      .slice(1)
      .map(({ at }, before) => ({ from: `undo${at}`, to: [`undo${undone[before]?.at}`], dotted: true })),
  ];
  return flowchart({ direction: 'LR', nodes, edges });
}

function stepNode(id: string, { name, asks, emits }: MapStep, service: string): ChartNode {
  const by =
    asks === undefined
      ? `${service}: ${emits.join(', ')}`
      : `${asks.service ?? 'outside'}: ${asks.command ?? asks.call}`;
  return { id, shape: asks === undefined ? 'event' : 'call', lines: [name, by] };
}

const edgeTo = (from: string, to: string, { withinMs }: MapStep, dotted: boolean): ChartEdge => ({
  from,
  to: [to],
  dotted,
  ...(withinMs !== undefined && { lines: [duration(withinMs)] }),
});
