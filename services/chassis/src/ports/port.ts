import type { AnyCallType } from '../rules/messages.ts';
import type { Refused } from '../rules/refused.ts';

/** What a port sees besides its request. */
export interface CallContext {
  /** The same for every attempt of this call, also after a crash: `BookSeat/<key>`. */
  readonly idempotencyKey: string;
  /** What the call follows from: the id of an event, or of the step of a saga that it is the ask of. */
  readonly causationId: string;
  /** How deep that lies in the tree of causes. */
  readonly depth: number;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Aborted at the time-out. */
  readonly signal: AbortSignal;
  /** `traceparent` (and `tracestate`) to send along. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Performs one kind of call, and says what its answers come to. See `Refused` for the three kinds of answer. */
export interface Port<Request, Outcome> {
  readonly call: AnyCallType;
  /** Whom it asks. Ports of one participant share a circuit breaker and a bulkhead; absent: it has them to itself. */
  readonly participant?: string;
  /**
   * Resolves with the outcome, or with Refused when the outside said no for good; throws Retryable, or anything else, when
   * there was no answer: the call is tried again with backoff.
   */
  perform(request: Request, context: CallContext): Promise<Outcome | Refused>;
  /** What it comes to that the outside refuses for good. */
  refused(refusal: Refused, tried: Attempts): Outcome;
  readonly byHand: EndedByHand<Outcome>;
}

export interface Attempts {
  readonly attempts: number;
}

/** For a call that nobody answers: a person ends it, and says what it came to. */
export interface EndedByHand<Outcome> {
  /**
   * What a person must look at before, in one sentence: the call may have had its effect, though nobody has answered. Names
   * where to look and what happens then.
   */
  readonly lookFirst: string;
  /** What it comes to. `words` are that person's, 1 to 200 characters on one line. */
  outcome(words: string, tried: Attempts): Outcome;
}
