import type { LayoutInput, PlacedEdge } from './input.ts';
import { speaking } from './line.ts';

/**
 * The edges as they are drawn. A service below the line has no others than those that tell it something: they run with the rest of
 * their event, and are not hidden with the edges that only inform.
 */
export function drawnEdges<Edge extends PlacedEdge>(
  choreography: LayoutInput['choreography'],
  edges: readonly Edge[],
): Edge[] {
  const onLine = new Set(speaking({ choreography, edges }));
  return edges.map((edge) => {
    if (edge.kind !== 'informs' || onLine.has(edge.to)) return edge;
    const others = edges.filter(({ event, kind }) => event === edge.event && kind !== 'informs');
    const ends = choreography.events.find(({ name }) => name === edge.event)?.ends;
    return { ...edge, kind: others[0]?.kind ?? (ends === 'failure' ? 'back' : 'there') };
  });
}
