import type { AnyEventType } from '@troupe/schemas';
import type { Decided } from '../decision.ts';
import type { AnyCallType, AnyTaskType, CallType } from '../messages.ts';
import type { SagaCause } from './log.ts';

/**
 * A saga told by an orchestrator, as data. One word for each thing:
 * - saga:         what is done for one thing (a trip, say), from its first step to its end; its id is the key of its messages;
 * - step:         one thing that is done for it, by a participant over HTTP, or by the orchestrator's own service (`does`);
 * - compensation: what undoes a step when a later one fails; done steps are undone in reverse order;
 * - subject:      the domain state that the saga is about, which the steps tell what they came to;
 * - context:      what is known on the way: what the saga began with, and what each step has learned.
 *
 * A table is of a version. A saga that was begun under one is finished under it: see `sagas`.
 */
export interface SagaDefinition<S> {
  readonly name: string;
  readonly version: number;
  readonly steps: readonly AnyStep<S>[];
}

/** What a participant answered. */
export type StepAnswer<Learned = unknown> =
  /** It is done, and this is known now. */
  | { readonly kind: 'done'; readonly learned: Learned }
  /** It was not done, and will not be; with `mayBeDone` it will not be done again, and may have been done before. */
  | { readonly kind: 'refused'; readonly code: string; readonly detail: string; readonly mayBeDone?: true }
  /** It is under way, or a person has to decide: asked again at `until` (ISO 8601), or a little later when that is null. */
  | { readonly kind: 'waiting'; readonly code: string; readonly detail: string; readonly until: string | null }
  /** Nobody knows: every attempt ended without an answer. It may have been done. */
  | { readonly kind: 'unanswered'; readonly detail: string };

/** An answer, and the attempt that it came to. */
export type Tried<A = StepAnswer> = A & { readonly attempts: number };

export interface StepLimits {
  /** How long one attempt may take. */
  readonly timeoutMs: number;
  /** How many attempts may end without an answer; backoff with jitter lies between them. */
  readonly attempts: number;
  /** How long the step may take in all, an open circuit included; while it waits for a person its own time-out counts. */
  readonly withinMs: number;
}

type Refused = Extract<StepAnswer, { kind: 'refused' | 'unanswered' }>;
type Waiting = Extract<StepAnswer, { kind: 'waiting' }>;

/** A service of this system, and what it hears when it is asked. */
export interface Participant {
  readonly service: string;
  readonly command: string;
}

/** What is asked of a participant, and who is told what it came to. All of it is pure. */
export interface RemoteStep<S, Needs, Learned, Request> {
  readonly call: CallType<string, Request, Tried<StepAnswer<Learned>>>;
  readonly limits: StepLimits;
  /** Who is asked, and by which of its commands it hears so, for the map. Absent: it is none of this system. */
  readonly asks?: Participant;
  /** The timers that `done` and the others may start; what the orchestrator asks next is known without. */
  readonly starts?: readonly AnyTaskType[];
  /** `why` is known when a saga turns back. */
  request(context: Needs, why: Why): Request;
  done?(subject: S, learned: Learned, now: Date): Decided<S>;
  refused?(subject: S, answer: Refused, now: Date): Decided<S>;
  /** Told again whenever the participant says so again. */
  waiting?(subject: S, answer: Waiting, now: Date): Decided<S>;
  /**
   * Of compensations that a person settles: `tell` asks the participant again, with `settlement` in the context, so
   * that it does not go on trying. Otherwise the word of the person is enough.
   */
  readonly settled?: 'tell';
}

/** What the orchestrator's own service does, in the transaction that comes to it. It cannot fail. */
export interface LocalStep<S, Needs> {
  readonly emits: readonly AnyEventType[];
  does(subject: S, at: Why & { readonly context: Needs; readonly now: Date }): Decided<S>;
}

/** In the context of a saga that a person has settled by hand: how, in that person's words. */
export interface Settled {
  readonly settlement?: string;
}

/** Why a saga turned back, and how often its compensations were tried again. */
export interface Why {
  readonly cause: SagaCause | undefined;
  readonly rounds: number;
}

type Action<S, Needs, Learned, Request> = RemoteStep<S, Needs, Learned, Request> | LocalStep<S, Needs>;

/** One line of the table. */
export interface Step<S, Needs, Learned> {
  readonly name: string;
  readonly action: AnyRemoteStep<S> | AnyLocalStep<S>;
  readonly compensation: AnyRemoteStep<S> | AnyLocalStep<S> | undefined;
  /** What of the context is deleted when the step has ended, whatever it came to: what must not be kept. */
  readonly forgets: readonly string[];
  /** Never present: carry types to `saga`. */
  readonly needs?: (context: Needs) => void;
  readonly learns?: Learned;
}

// biome-ignore lint/suspicious/noExplicitAny: the steps of a table need and learn unrelated things; `saga` has checked them
export type AnyStep<S> = Step<S, any, any>;
// biome-ignore lint/suspicious/noExplicitAny: as above
export type AnyRemoteStep<S> = RemoteStep<S, any, any, any>;
// biome-ignore lint/suspicious/noExplicitAny: as above
export type AnyLocalStep<S> = LocalStep<S, any>;

interface Compensable<S, Needs, Learned> extends Step<S, Needs, Learned> {
  /** What undoes this step. It must do no harm when the step was not done, nor when it is done twice. */
  compensate<Known, Request>(compensation: Action<S, Needs, Known, Request>): Step<S, Needs, Learned>;
}

/** `step('book seat', { call: BookSeat, … }).compensate({ call: ReleaseSeat, … })` */
export function step<S, Needs, Learned = unknown, Request = unknown>(
  name: string,
  action: Action<S, Needs, Learned, Request>,
  { forgets = [] }: { readonly forgets?: readonly string[] } = {},
): Compensable<S, Needs, Learned> {
  const plain = { name, action, compensation: undefined, forgets };
  return { ...plain, compensate: (compensation) => ({ ...plain, compensation }) };
}

/** For `saga`: what it begins with. */
export const begins = <Start>(): Start | undefined => undefined;

/** The first step that needs what neither the start nor a step before it gives; never when there is none. */
type Unmet<Steps extends readonly unknown[], Context> = Steps extends readonly [infer First, ...infer Others]
  ? // biome-ignore lint/suspicious/noExplicitAny: whatever it is about
    First extends Step<any, infer Needs, infer Learned>
    ? Context extends Needs
      ? Unmet<Others, unknown extends Learned ? Context : Context & Learned>
      : Needs
    : First
  : never;
// biome-ignore lint/suspicious/noExplicitAny: whatever they need and learn
type SubjectOf<Steps extends readonly unknown[]> = Steps[number] extends Step<infer S, any, any> ? S : never;

/**
 * Declares a saga. A step that needs what no step before it has learned does not compile: `unmet` then asks for it.
 * @throws Error for two steps of one name or one call: an answer would not tell whose it is.
 */
// biome-ignore lint/suspicious/noExplicitAny: the subject is the one of the steps
export function saga<Start extends object, const Steps extends readonly AnyStep<any>[]>(
  name: string,
  version: number,
  _start: Start | undefined,
  steps: Steps,
  ..._unmet: [Unmet<Steps, Start>] extends [never] ? [] : [unmet: Unmet<Steps, Start>]
): SagaDefinition<SubjectOf<Steps>> {
  const lines: readonly AnyStep<SubjectOf<Steps>>[] = steps;
  const calls = remoteStepsOf(lines).map(({ call }) => call.messageName);
  const twice = [...repeated(lines.map((line) => line.name)), ...repeated(calls)];
  if (twice.length > 0) throw new Error(`The saga ${name} has ${twice.join(', ')} twice: give each step its own.`);
  return { name, version, steps: lines };
}

const repeated = (names: readonly string[]): readonly string[] =>
  names.filter((name, at) => names.indexOf(name) !== at);

/** All that a table asks of participants, forwards and backwards. */
export function remoteStepsOf<S>(steps: readonly AnyStep<S>[]): readonly AnyRemoteStep<S>[] {
  const actions = steps.flatMap(({ action, compensation }) => [action, ...(compensation ? [compensation] : [])]);
  return actions.filter(isRemoteStep);
}

export const isRemoteStep = <S>(action: AnyRemoteStep<S> | AnyLocalStep<S>): action is AnyRemoteStep<S> =>
  'call' in action;
export const callOf = <S>(action: AnyRemoteStep<S> | AnyLocalStep<S> | undefined): AnyCallType | undefined =>
  action !== undefined && isRemoteStep(action) ? action.call : undefined;

/** The table of which new sagas are made, and those that unfinished ones may still be of. */
export interface Sagas<S> {
  readonly current: SagaDefinition<S>;
  readonly all: readonly SagaDefinition<S>[];
}

/** Keep an older table as long as a saga of it is not ended: `GET /sagas` tells. */
export function sagas<S>(current: SagaDefinition<S>, ...older: readonly SagaDefinition<S>[]): Sagas<S> {
  return { current, all: [current, ...older] };
}
