import { useMemo } from 'react';
import type { EdgeView, MapView } from '../../../src/contract/services.ts';
import { rate } from '../parts/index.ts';
import { edgeKey } from './layout/input.ts';
import { layoutOf } from './layout/layout.ts';
import { Node } from './node.tsx';
import { DrawnWire } from './wire.tsx';
import { isBehind, isIdle } from './words.ts';

/** The choreography as it runs. Places come from the tables alone, so nothing moves while figures change. */
export function Drawing(props: {
  readonly view: MapView;
  readonly withInforming: boolean;
  readonly selected: string | null;
  readonly hrefOf: (edge: EdgeView) => string;
}) {
  const { view, withInforming, selected, hrefOf } = props;
  const shape = shapeOf(view);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the shape says all that a place depends on.
  const layout = useMemo(() => layoutOf({ ...view, withInforming }), [shape, withInforming]);
  const edges = new Map(view.edges.map((edge) => [edgeKey(edge), edge]));
  const standings = new Map(view.services.map((service) => [service.service, service]));
  const drawn = layout.wires
    .map((wire) => {
      const own = wire.branches.flatMap(({ edge }) => edges.get(edgeKey(edge)) ?? []);
      return { wire, edges: own, weight: weightOf(own, standings, selected) };
    })
    .sort((a, b) => a.weight - b.weight);
  const { width, height, middle, begin } = layout;
  return (
    <svg
      className="mapsvg"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="group"
      aria-label="The choreography: who says what to whom. The table holds all of it."
    >
      <path d={`M0 ${middle}H${width}`} className="mirror" />
      <text x={width - 14} y={middle - 62} textAnchor="end" className="half">
        there
      </text>
      <text x={width - 14} y={middle + 72} textAnchor="end" className="half back">
        back
      </text>
      {begin && (
        <g>
          <path d={`M${begin.from[0]} ${begin.from[1]}H${begin.to[0] - 7}`} className="e fwd" strokeWidth="3" />
          <path d="M-8-5 0 0-8 5z" transform={`translate(${begin.to[0]} ${begin.to[1]})`} className="e-head fwd" />
          <text x={begin.from[0] - 6} y={begin.from[1] - 24} className="e-n">
            orders in
          </text>
          <text x={begin.from[0] - 6} y={begin.from[1] - 10} className="e-s">
            {`${rate(view.ordersPerSecond)}/s`}
          </text>
        </g>
      )}
      {drawn.map(({ wire, edges: own }) => (
        <DrawnWire key={wire.id} wire={wire} edges={own} standings={standings} selected={selected} hrefOf={hrefOf} />
      ))}
      {layout.nodes.map((node) => (
        <Node key={node.service} node={node} said={standings.get(node.service)} />
      ))}
    </svg>
  );
}

/** All of a map that its places depend on. */
function shapeOf({ choreography, edges }: MapView): string {
  const services = choreography.services.map(({ name }) => name);
  return JSON.stringify([services, edges.map(({ event, from, to, kind }) => [event, from, to, kind])]);
}

/** What is drawn last lies on top: the chosen one, then what does not follow, then what moves. */
function weightOf(
  edges: readonly EdgeView[],
  standings: ReadonlyMap<string, MapView['services'][number]>,
  selected: string | null,
): number {
  if (edges.some((edge) => edgeKey(edge) === selected)) return 3;
  if (edges.some((edge) => isBehind(edge, standings.get(edge.to)?.standing))) return 2;
  return edges.every(isIdle) ? 0 : 1;
}
