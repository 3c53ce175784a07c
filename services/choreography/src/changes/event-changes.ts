import type { Choreography, MapEvent } from '../map/choreography.ts';
import { distinct } from '../map/events.ts';
import { type Change, compared, listChange, valueChange } from './change.ts';

/** How the events differ: which there are, whose they are, and their fields. */
export function eventChanges(before: Choreography, now: Choreography): Change[] {
  const { added, removed, kept } = compared(byName(before), byName(now));
  return [
    ...added.map(([place, event]): Change => ({ ...at('added', place, [event]), text: `of ${event.owner}` })),
    ...removed.map(([place, event]): Change => ({ ...at('removed', place, [event]), text: `of ${event.owner}` })),
    ...kept.flatMap((pair) => [...ofItself(pair), ...ofFields(pair)]),
  ];
}

interface Kept {
  readonly name: string;
  readonly before: MapEvent;
  readonly now: MapEvent;
}

const byName = ({ events }: Choreography) => new Map(events.map((event) => [event.name, event]));

function at(kind: Change['kind'], place: string, events: readonly MapEvent[]) {
  const services = distinct(events.flatMap(({ owner, heardBy }) => [owner, ...heardBy]));
  return { kind, of: 'event' as const, place, services };
}

function ofItself({ name, before, now }: Kept): Change[] {
  const moved = valueChange('owner', before.owner, now.owner);
  const parts = [
    ...moved,
    ...valueChange('topic', before.topic, now.topic),
    ...valueChange('key', before.key, now.key),
    ...valueChange('ends', before.ends, now.ends),
    ...valueChange('undoneBy', before.undoneBy, now.undoneBy),
    ...valueChange('terminal', yesNo(before.terminal), yesNo(now.terminal)),
    ...listChange('heard by', before.heardBy, now.heardBy),
  ];
  if (parts.length === 0) return [];
  return [{ ...at(moved.length > 0 ? 'moved' : 'changed', name, [before, now]), text: parts.join('; ') }];
}

const yesNo = (reason: string | undefined): string | undefined => (reason === undefined ? undefined : 'yes');

function ofFields({ name, before, now }: Kept): Change[] {
  const { services } = at('changed', name, [before, now]);
  const of = 'field';
  const fields = (event: MapEvent) => new Map(event.fields.map((field) => [field.name, field]));
  const { added, removed, kept } = compared(fields(before), fields(now));
  return [
    ...added.map(([field, { optional }]): Change => {
      const text = optional ? 'with a default' : 'without a default: older records cannot be read';
      return { kind: 'added', of, place: `${name}.${field}`, text, services };
    }),
    ...removed.map(([field]): Change => ({ kind: 'removed', of, place: `${name}.${field}`, text: '', services })),
    ...kept.flatMap((field): Change[] => {
      const parts = valueChange('type', field.before.type, field.now.type);
      const place = `${name}.${field.name}`;
      return parts.length === 0 ? [] : [{ kind: 'changed', of, place, text: parts.join('; '), services }];
    }),
  ];
}
