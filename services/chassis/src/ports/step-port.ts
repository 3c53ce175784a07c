import { CAUSATION_HEADER } from '../incoming/causation.ts';
import { CAUSE_DEPTH_HEADER } from '../incoming/event-depth.ts';
import { withinTime } from '../process/time-out.ts';
import { shortReason } from '../rules/failure.ts';
import { Refused } from '../rules/refused.ts';
import type { AnyRemoteStep, StepAnswer, Tried } from '../rules/saga/definition.ts';
import type { Attempts, CallContext, Port } from './port.ts';

/**
 * Asks a participant, within the limits of its step. An attempt without an answer is repeated with backoff and the same
 * idempotency key, as every call; the last of them is itself an answer: nobody knows.
 *
 * The participant is told which step it is asked for: its events name that step as their cause, and lie
 * one deeper than it. So also a cycle that leads through the orchestrator comes to an end.
 *
 * @param participant whose circuit breaker and bulkhead it shares
 * @param ask throws when there was no answer
 */
export function stepPort<S, Request>(
  { call, limits }: AnyRemoteStep<S>,
  participant: string,
  ask: (request: Request, context: CallContext) => Promise<StepAnswer | Refused>,
): Port<Request, Tried<StepAnswer>> {
  return {
    call,
    participant,
    refused: stepRefused,
    byHand: stepEnded,
    async perform(request, context) {
      const { attempt: attempts, causationId, depth } = context;
      const headers = { ...context.headers, [CAUSATION_HEADER]: causationId, [CAUSE_DEPTH_HEADER]: String(depth) };
      try {
        const answer = await withinTime(limits.timeoutMs, (signal) => ask(request, { ...context, headers, signal }));
        return answer instanceof Refused ? answer : { ...answer, attempts };
      } catch (error) {
        if (attempts < limits.attempts) throw error;
        return { kind: 'unanswered', detail: shortReason(error), attempts };
      }
    },
  };
}

/**
 * A participant that refuses will not do it. Behind an attempt without an answer it may have done it: a proxy refuses
 * the second attempt without a look at the first, and so does a key that has expired.
 */
export const stepRefused = ({ code, detail, mayBeDone }: Refused, { attempts }: Attempts): Tried<StepAnswer> => {
  return { kind: 'refused', code, detail, attempts, ...((mayBeDone || attempts > 1) && { mayBeDone: true }) };
};

/** Nobody has answered, so it may have been done: as when every attempt has ended without an answer. */
const stepEnded = {
  lookFirst:
    'Ask the participant first what it did (GET on the path of the saga there). A step that is ended is undone as if it had been done; a compensation that is ended waits for a person as COMPENSATION_FAILED.',
  outcome: (words: string, { attempts }: Attempts): Tried<StepAnswer> => ({
    kind: 'unanswered',
    detail: words,
    attempts,
  }),
} as const;
