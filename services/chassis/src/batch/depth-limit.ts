import { ROOT_DEPTH } from '../incoming/event-depth.ts';
import type { IncomingEvent, Reactable } from '../incoming/incoming.ts';
import { Terminal } from '../rules/failure.ts';

/**
 * The message, when it may be handled: an event may lie only so deep in the tree of causes. So events that follow from one another
 * in a cycle come to an end, whichever services the cycle leads through.
 *
 * A dead letter that a person lets go on counts as a first event: else it could not be handled after the cycle was mended, nor
 * could anything that follows from it.
 *
 * @throws Terminal EVENT_LOOP
 */
export function notTooDeep(message: Reactable, limit: number): Reactable {
  if (message.kind !== 'event' || message.depth <= limit) return message;
  if (isReplayed(message)) return { ...message, depth: ROOT_DEPTH };
  throw new Terminal(
    'EVENT_LOOP',
    `${message.type} has the depth ${message.depth} in the tree of causes, and EVENT_DEPTH_LIMIT is ${limit}: events follow from ` +
      'one another in a cycle. `npm run choreography -- --check` names it. Break the cycle, or raise the limit when so long a ' +
      'chain is meant; then replay this dead letter: it counts from 1 again.',
  );
}

/** One that was only parked has not been handled yet: nobody has looked at it. */
const isReplayed = ({ deadLetter }: IncomingEvent): boolean =>
  deadLetter !== undefined && deadLetter.status !== 'PARKED';
