import type { DomainEvent } from '@troupe/schemas';
import { type Context, type Decided, decided, type Effect, ignored, rejected } from './decision.ts';
import type { DomainError } from './failure.ts';
import { type Answered, after, cancel, type Task } from './messages.ts';

/** How often a refused compensation is tried again by itself. */
const AUTOMATIC_RETRIES = 5;

/**
 * How long to wait before a refused compensation is tried again, in milliseconds: doubles with each refusal. Undefined
 * when a person must act. @param refusals so far, the latest included
 */
export function compensationDelay(refusals: number, firstMs: number): number | undefined {
  return refusals > AUTOMATIC_RETRIES ? undefined : firstMs * 2 ** (refusals - 1);
}

/** The outside does not undo what it did. */
export interface CompensationRefused {
  readonly kind: 'refused';
  /** What it said, or the person who ended the call: then nobody asks again by itself. */
  readonly detail: string;
  readonly byHand?: true;
}

/** What a state keeps of a refusal. */
export interface Refusal {
  /** Refusals so far, this one included. */
  readonly attempts: number;
  readonly detail: string;
  /** When the outside is asked again by itself; absent: a person must act. */
  readonly nextAttemptAt?: Date;
}

/**
 * A compensation that the outside may refuse: asking → done, or → failed, and from there asking again, or resolved by a
 * person. It is tried again by itself, later each time, and is then left to a person. Nobody asks while it is failed:
 * what a person settles is not done a second time. See decision 11.
 */
export function retryableCompensation<
  State,
  Asking extends State,
  Failed extends State,
  Subject,
  Done,
  Call extends Task,
  Retry extends Task,
  Refused extends DomainEvent,
  Finished extends Effect,
  ByHand extends Effect,
>(
  /** What a service says of one of its compensations. `Asking` and `Failed` are two of its states. */
  rules: {
    readonly isAsking: (state: State) => state is Asking;
    readonly isFailed: (state: State) => state is Failed;
    /** Why nothing is done: `answered` when a second answer comes, `seenTo` when the timer goes off too late. */
    readonly reasons: { readonly answered: string; readonly seenTo: string };
    /** The call that asks the outside to undo what it did. */
    ask(asking: Asking): Call;
    /** How often the outside has refused so far. */
    refusals(asking: Asking): number;
    failed(asking: Asking, refusal: Refusal): Failed;
    askingAgain(failed: Failed): Asking;
    refused(failed: Failed): Refused;
    /** The timer that wakes a refused compensation. */
    retry(state: Asking | Failed): Retry;
    done(asking: Asking, outcome: Done): Decided<State, Finished>;
    /** @param detail how a person settled it, in that person's words */
    resolved(failed: Failed, detail: string): Decided<State, ByHand>;
    /** Why there is nothing to retry or to resolve. */
    notFailed(subject: Subject, state: State | undefined): DomainError;
  },
) {
  const ask = (asking: Asking) => decided(asking, rules.ask(asking));
  const failedIn = (state: State | undefined): Failed | undefined =>
    state !== undefined && rules.isFailed(state) ? state : undefined;
  const withoutRetry = (failed: Failed) => {
    const { type, key } = rules.retry(failed);
    return cancel({ messageName: type }, key);
  };

  /** Tried again by itself, unless a person has ended it: then that person has the word. */
  function refuse(asking: Asking, { detail, byHand }: CompensationRefused, now: Date, firstMs: number) {
    const attempts = rules.refusals(asking) + 1;
    const delayMs = byHand ? undefined : compensationDelay(attempts, firstMs);
    const next = delayMs === undefined ? {} : { nextAttemptAt: new Date(now.getTime() + delayMs) };
    const failed = rules.failed(asking, { attempts, detail, ...next });
    if (delayMs === undefined) return decided(failed, rules.refused(failed));
    return decided(failed, rules.refused(failed), after(delayMs, rules.retry(failed)) as Retry);
  }

  return {
    ask,

    /** A person wants it asked again now. The automatic try, if one is to come, is not needed any more. */
    retry(subject: Subject, state: State | undefined) {
      const failed = failedIn(state);
      if (failed === undefined) return rejected(rules.notFailed(subject, state));
      const asking = rules.askingAgain(failed);
      return decided(asking, rules.ask(asking), withoutRetry(failed));
    },

    retryDue(state: State | undefined) {
      const failed = failedIn(state);
      return failed === undefined ? ignored(rules.reasons.seenTo) : ask(rules.askingAgain(failed));
    },

    /**
     * A person has settled it by hand, while the outside is not being asked: what is settled must not be done a second
     * time. The automatic try that is to come is withdrawn.
     */
    resolve(subject: Subject & { readonly reason: string }, state: State | undefined) {
      const failed = failedIn(state);
      if (failed === undefined) return rejected(rules.notFailed(subject, state));
      const { state: resolved, effects } = rules.resolved(failed, subject.reason);
      return decided(resolved, ...effects, withoutRetry(failed));
    },

    /** Records what the outside answered. @param firstMs how long after the first refusal it is asked again. */
    settle(
      { outcome }: Answered<unknown, Done | CompensationRefused>,
      state: State | undefined,
      { now }: Context,
      firstMs: number,
    ) {
      if (state === undefined || !rules.isAsking(state)) return ignored(rules.reasons.answered);
      return isRefused(outcome) ? refuse(state, outcome, now, firstMs) : rules.done(state, outcome);
    },
  };
}

function isRefused<Done>(outcome: Done | CompensationRefused): outcome is CompensationRefused {
  return (outcome as CompensationRefused).kind === 'refused';
}
