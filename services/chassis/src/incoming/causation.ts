import { isId } from '../rules/id-spelling.ts';

/** Says, in a request of an orchestrator, which step of its saga the request belongs to. */
export const CAUSATION_HEADER = 'x-causation-id';

/**
 * The step that an orchestrator names; undefined when it names none. What is not one UUID in lower case is no id of a step: as with
 * a hostile `traceparent` the request is done as if the header were not there. Look at it on routes of orchestrators only: from
 * others it is a claim about a saga that nobody can check.
 */
export function causationOf(headers: Readonly<Record<string, unknown>>): string | undefined {
  const id = headers[CAUSATION_HEADER];
  return typeof id === 'string' && isId(id) ? id : undefined;
}
