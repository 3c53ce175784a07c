import { durationOf } from '../checks/finding.ts';
import type { Choreography, MapRow } from '../map/choreography.ts';
import { type Change, compared, listChange, rowsByName, valueChange } from './change.ts';

/** How the rows of the tables differ. A row that another service has now is moved. */
export function rowChanges(before: Choreography, now: Choreography): Change[] {
  const { added, removed, kept } = compared(rowsByName(before), rowsByName(now));
  const moves = removed.flatMap(([from, row]) => {
    const to = added.find(([, other]) => isSame(row, other));
    return to === undefined ? [] : [{ from, row, to: to[0], other: to[1] }];
  });
  const isMoved = (name: string): boolean => moves.some(({ from, to }) => from === name || to === name);
  const whole = (kind: 'added' | 'removed', rows: typeof added): Change[] =>
    rows
      .filter(([name]) => !isMoved(name))
      .map(([place, row]) => ({ kind, of: 'row', place, text: behaviourOf(row), services: [row.service] }));
  return [
    ...moves.map(({ from, row, to, other }): Change => {
      return { kind: 'moved', of: 'row', place: to, text: `from ${from}`, services: [row.service, other.service] };
    }),
    ...whole('added', added),
    ...whole('removed', removed),
    ...kept.flatMap(({ name, ...pair }) => ofKept(name, pair)),
  ];
}

const isSame = (one: MapRow, other: MapRow): boolean =>
  one.service !== other.service &&
  one.hears.kind === other.hears.kind &&
  one.hears.name === other.hears.name &&
  one.style === other.style;

function ofKept(place: string, { before, now }: { readonly before: MapRow; readonly now: MapRow }): Change[] {
  const parts = [
    ...listChange('emits', before.emits, now.emits),
    ...listChange('starts', before.starts, now.starts),
    ...valueChange('begins', before.begins, now.begins),
    ...valueChange('within', within(before), within(now)),
  ];
  return parts.length === 0
    ? []
    : [{ kind: 'changed', of: 'row', place, text: parts.join('; '), services: [now.service] }];
}

const within = ({ withinMs }: MapRow): string | undefined =>
  withinMs === undefined ? undefined : durationOf(withinMs);

function behaviourOf({ emits, starts }: MapRow): string {
  const parts = [
    ...(emits.length > 0 ? [`emits ${emits.join(', ')}`] : []),
    ...(starts.length > 0 ? [`starts ${starts.join(', ')}`] : []),
  ];
  return parts.length > 0 ? parts.join('; ') : 'only takes note';
}
