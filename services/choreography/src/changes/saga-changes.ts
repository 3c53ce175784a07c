import type { Choreography, MapSaga, MapStep } from '../map/choreography.ts';
import { type Change, compared } from './change.ts';

/** How the sagas of orchestrators differ. A version that was changed in place is said so: sagas of it are under way. */
export function sagaChanges(before: Choreography, now: Choreography): Change[] {
  const { added, removed, kept } = compared(byName(before), byName(now));
  const of = 'saga';
  return [
    ...added.map(
      ([place, saga]): Change => ({ kind: 'added', of, place, text: stepsOf(saga), services: concerned(saga) }),
    ),
    ...removed.map(([place, saga]): Change => {
      const text = 'nobody goes on with open sagas of it: GET /sagas has to show none';
      return { kind: 'removed', of, place, text, services: concerned(saga) };
    }),
    ...kept.flatMap(({ name: place, before: old, now: saga }): Change[] => {
      if (JSON.stringify(old.steps) === JSON.stringify(saga.steps)) return [];
      const text = `its steps were changed without a new version: ${stepsOf(old)} → ${stepsOf(saga)}`;
      return [{ kind: 'changed', of, place, text, services: concerned(saga) }];
    }),
  ];
}

const byName = ({ sagas }: Choreography) => new Map(sagas.map((saga) => [`${saga.name} ${saga.version}`, saga]));
const stepsOf = ({ steps }: MapSaga): string => steps.map(stepText).join(', ');

function stepText({ name, withinMs, compensation }: MapStep): string {
  const limits = withinMs === undefined ? '' : ` within ${withinMs / 1_000} s`;
  return `${name}${limits}${compensation === undefined ? '' : ' ↩'}`;
}

function concerned({ service, steps }: MapSaga): string[] {
  return [...new Set([service, ...steps.flatMap(({ asks }) => asks?.service ?? [])])];
}
