import { durationOf } from '../checks/finding.ts';
import type { Choreography, MapTask } from '../map/choreography.ts';
import { type Change, compared, valueChange } from './change.ts';

/** Which services there are, and by when their timers go off. */
export function serviceChanges(before: Choreography, now: Choreography): Change[] {
  const names = ({ services }: Choreography) => new Map(services.map(({ name }) => [name, name]));
  const { added, removed } = compared(names(before), names(now));
  const of = 'service';
  return [
    ...added.map(([place]): Change => ({ kind: 'added', of, place, text: '', services: [place] })),
    ...removed.map(([place]): Change => ({ kind: 'removed', of, place, text: '', services: [place] })),
    ...compared(timersOf(before), timersOf(now)).kept.flatMap((timer): Change[] => {
      const parts = valueChange('goes off after', after(timer.before), after(timer.now));
      if (parts.length === 0) return [];
      return [{ kind: 'changed', of: 'row', place: timer.name, text: parts.join('; '), services: [timer.now.service] }];
    }),
  ];
}

const timersOf = ({ timers }: Choreography) =>
  new Map(timers.map((timer) => [`${timer.service}: ${timer.name}`, timer]));
const after = ({ afterMs }: MapTask): string | undefined => (afterMs === undefined ? undefined : durationOf(afterMs));
