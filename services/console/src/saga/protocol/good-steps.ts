import { type Flow, goodWay } from '@troupe/choreography/graph';
import type { GoodStep } from './duty.ts';

/** The events on the way on which all goes well, each with the one before it. */
export function goodSteps(flow: Flow): readonly GoodStep[] {
  const said = goodWay(flow).filter(({ says }) => says.kind === 'event');
  return said.map(({ row, says }, at) => ({
    service: row.service,
    event: says.name,
    hears: said[at - 1]?.says.name ?? null,
  }));
}
