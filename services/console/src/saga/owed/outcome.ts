import type { Protocol } from '../protocol/protocol.ts';
import type { Said, Told } from './said.ts';

interface Outcome {
  readonly by: Said;
  readonly ends: 'success' | 'failure';
}

interface Course {
  readonly outcome: Outcome | null;
  readonly turn: Said | null;
}

/** Asked for again and again while one saga is looked at. */
const courses = new WeakMap<Told, Course>();

function courseOf(told: Told, protocol: Protocol): Course {
  const known = courses.get(told);
  if (known !== undefined) return known;
  const ending = (by: Said) => protocol.event(by.type)?.ends;
  const by = told.all.find((said) => ending(said) !== undefined);
  const ends = by && ending(by);
  const course: Course = {
    outcome: by === undefined || ends === undefined ? null : { by, ends },
    turn: told.all.find((said) => isRefusal(said, told, protocol) || ending(said) === 'failure') ?? null,
  };
  courses.set(told, course);
  return course;
}

/** The event with which the saga ended, and how; null while it has not. */
export const outcomeOf = (told: Told, protocol: Protocol): Outcome | null => courseOf(told, protocol).outcome;

/** The event at which the path turns back: a refusal, or an end that nobody refused anything before. Null: it has not turned. */
export const turnOf = (told: Told, protocol: Protocol): Said | null => courseOf(told, protocol).turn;

/** A service says something else than what would go on, and asks nobody. */
export function isRefusal({ type, service }: Said, told: Told, protocol: Protocol): boolean {
  const refused = protocol.refusals.get(type);
  return refused !== undefined && refused.service === service && !told.has(refused.event);
}
