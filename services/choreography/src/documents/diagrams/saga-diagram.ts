import { durationOf } from '../../checks/finding.ts';
import type { Choreography, MapSaga, MapStep } from '../../map/choreography.ts';
import { type Moment, sequenceDiagram } from '../mermaid/sequence.ts';

/** An orchestrated saga: what the orchestrator asks, step by step, and what it asks when it has to turn back. */
export function sagaDiagram(map: Choreography, { steps, service }: MapSaga): string {
  const undoing = steps.flatMap(({ compensation }) => compensation ?? []).reverse();
  const moments: readonly Moment[] = [
    ...steps.map((step) => moment(step, service, false)),
    { kind: 'shaded', moments: [turn(service), ...undoing.map((step) => moment(step, service, true))] },
  ];
  return sequenceDiagram([...map.services.map(({ name }) => name), OUTSIDE], moments);
}

/** Who is asked when it is no service of this system. */
const OUTSIDE = 'outside';

const turn = (service: string): Moment => ({
  kind: 'note',
  over: [service],
  text: 'if a step is refused: from there back',
});

/** A step of the orchestrator's own service is what it says; any other is what it asks. */
function moment({ name, asks, emits, withinMs }: MapStep, service: string, dotted: boolean): Moment {
  if (asks === undefined) return { kind: 'note', over: [service], text: [name, ...emits].join(': ') };
  const within = withinMs === undefined ? '' : ` (${durationOf(withinMs)})`;
  const text = `${asks.command ?? asks.call}${within}`;
  return { kind: 'event', from: service, to: asks.service ?? OUTSIDE, text, dotted };
}
