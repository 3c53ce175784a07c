import { isId } from '../id-spelling.ts';

/** Says, in a request of a conductor, which step of its saga the request belongs to. */
export const CAUSATION_HEADER = 'x-causation-id';

/**
 * The step that a conductor names; undefined when it names none. What is not one UUID in lower case is no id of a step: as with
 * a hostile `traceparent` the request is done as if the header were not there. Look at it on routes of conductors only: from
 * others it is a claim about a saga that nobody can check.
 */
export function causationOf(headers: Readonly<Record<string, unknown>>): string | undefined {
  const id = headers[CAUSATION_HEADER];
  return typeof id === 'string' && isId(id) ? id : undefined;
}
