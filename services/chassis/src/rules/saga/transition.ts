import { compensationDelay } from '../compensation.ts';
import type { Decided, Effect } from '../decision.ts';
import { after, cancel, type Task } from '../messages.ts';
import {
  type AnyLocalStep,
  type AnyRemoteStep,
  type AnyStep,
  callOf,
  isRemoteStep,
  type SagaDefinition,
  type StepAnswer,
  type Tried,
  type Why,
} from './definition.ts';
import type { CompensationLog, SagaCause, SagaLog, StepLog } from './log.ts';
import { SagaClock } from './messages.ts';
import { compensationId, stepId } from './step-id.ts';

/** How long a participant that is busy with a step is left alone before it is asked again. */
const ASK_AGAIN_MS = 2_000;
/** How long after the moment that a participant named it is asked again: its own clock goes off first. */
const GRACE_MS = 1_000;
/** How long after its first failure a compensation is tried again; doubles with each round. */
const RETRY_MS = 5_000;

type Answer = Tried<StepAnswer>;
type Told<S> = (subject: S) => Decided<S> | undefined;

/** What one message does to a saga, as far as it goes without waiting. Pure; made for one message, and used once. */
export class Transition<S> {
  readonly #steps: readonly AnyStep<S>[];
  readonly #now: Date;
  #subject: S;
  #log: SagaLog;
  readonly #effects: Effect[] = [];

  constructor({ steps }: SagaDefinition<S>, at: { readonly subject: S; readonly log: SagaLog; readonly now: Date }) {
    this.#steps = steps;
    this.#subject = at.subject;
    this.#log = at.log;
    this.#now = at.now;
  }

  get #why(): Why {
    return { cause: this.#log.cause, rounds: this.#log.rounds };
  }

  result(): { readonly subject: S; readonly log: SagaLog; readonly effects: readonly Effect[] } {
    return { subject: this.#subject, log: this.#log, effects: this.#effects };
  }

  /** Goes on from a step, up to the first that is asked of a participant. */
  forward(from: number): this {
    for (const [at, step] of this.#steps.entries()) {
      if (at < from) continue;
      this.#step(at, { status: 'RUNNING', startedAt: this.#now });
      if (isRemoteStep(step.action)) return this.#ask(at, step.action);
      this.#do(step.action, stepId(this.#log.id, step.name));
      this.#end(at, { status: 'DONE' });
    }
    this.#log = { ...this.#log, status: 'COMPLETED', endedAt: this.#now, context: {} };
    return this.#stopClock();
  }

  answered(at: number, answer: Answer): this {
    const { action } = this.#steps[at] as AnyStep<S> & { action: AnyRemoteStep<S> };
    const { attempts } = answer;
    switch (answer.kind) {
      case 'done':
        this.#log = { ...this.#log, context: { ...this.#log.context, ...(answer.learned as object) } };
        this.#tell((subject) => action.done?.(subject, answer.learned, this.#now));
        return this.#end(at, { status: 'DONE', attempts }).forward(at + 1);
      case 'waiting':
        this.#tell((subject) => action.waiting?.(subject, answer, this.#now));
        this.#step(at, { status: 'WAITING', attempts, detail: answer.detail });
        return this.#clock(waitMs(answer.until, this.#now));
      case 'refused': {
        const { code, detail, mayBeDone } = answer;
        const status = mayBeDone ? 'UNKNOWN' : 'REFUSED';
        this.#tell((subject) => action.refused?.(subject, answer, this.#now));
        return this.#end(at, { status, attempts, detail }).back({ code, detail, step: this.#nameOf(at) });
      }
      case 'unanswered':
        return this.#step(at, { attempts }).givenUp(at, answer.detail);
      default:
        return answer satisfies never;
    }
  }

  /** Nobody knows whether the step was done: it is undone, and what was done before it. */
  givenUp(at: number, detail: string): this {
    const { action } = this.#steps[at] as AnyStep<S> & { action: AnyRemoteStep<S> };
    const unanswered = { kind: 'unanswered', detail } as const;
    this.#tell((subject) => action.refused?.(subject, unanswered, this.#now));
    return this.back({ code: 'UNANSWERED', detail, step: this.#nameOf(at) });
  }

  /** Turns back. A step that is under way is given up, and undone as if it had been done: its answer comes too late. */
  back(cause: SagaCause): this {
    for (const [at, { status }] of this.#log.steps.entries()) {
      if (status === 'RUNNING' || status === 'WAITING')
        this.#withdraw(this.#steps[at]?.action).#end(at, { status: 'UNKNOWN' });
    }
    this.#log = { ...this.#log, status: 'COMPENSATING', cause };
    return this.undo();
  }

  /** Undoes the last step that is still to be undone; ends when none is. One that failed does not stop those before it. */
  undo(): this {
    const failed = () => this.#log.steps.some(({ compensation }) => compensation?.status === 'FAILED');
    for (let at = this.#steps.length - 1; at >= 0; at -= 1) {
      const { compensation } = this.#steps[at] as AnyStep<S>;
      if (compensation === undefined || !this.#isToBeUndone(at)) continue;
      if (isRemoteStep(compensation)) return this.#compensation(at, { status: 'RUNNING' }).#ask(at, compensation);
      // The saga's own last word is not said while something that others did stands.
      if (failed()) break;
      this.#do(compensation, compensationId(this.#log.id, this.#nameOf(at)));
      this.#compensation(at, { status: 'DONE', endedAt: this.#now });
    }
    return failed() ? this.#stuck() : this.#failed();
  }

  undone(at: number, answer: Answer): this {
    const action = this.#steps[at]?.compensation as AnyRemoteStep<S>;
    const { attempts } = answer;
    switch (answer.kind) {
      case 'done':
        this.#tell((subject) => action.done?.(subject, answer.learned, this.#now));
        return this.#compensation(at, { status: 'DONE', attempts, endedAt: this.#now }).undo();
      case 'waiting':
        // Who is busy for too long is given up like one who is silent: what is to be undone before this must not wait for it.
        if (answer.until === null && this.#leftMs(at, action) <= 0) {
          const detail = `It was still under way after ${action.limits.withinMs / 1_000} s: ${answer.detail}`;
          return this.undone(at, { kind: 'unanswered', detail, attempts });
        }
        this.#compensation(at, { status: 'WAITING', attempts, detail: answer.detail });
        return this.#clock(waitMs(answer.until, this.#now));
      case 'refused':
      case 'unanswered': {
        const { detail } = answer;
        this.#tell((subject) => action.refused?.(subject, answer, this.#now));
        return this.#compensation(at, { status: 'FAILED', attempts, detail, endedAt: this.#now }).undo();
      }
      default:
        return answer satisfies never;
    }
  }

  /** Nobody knows whether the step was undone. */
  undoneGivenUp(at: number, detail: string): this {
    const attempts = this.#log.steps[at]?.compensation?.attempts ?? 0;
    return this.#withdraw(this.#steps[at]?.compensation).undone(at, { kind: 'unanswered', detail, attempts });
  }

  /** Asks again for what is under way, or is waited for. */
  again(at: number): this {
    const { action, compensation } = this.#steps[at] as AnyStep<S>;
    if (this.#log.steps[at]?.compensation !== undefined) {
      const ask = compensation as AnyRemoteStep<S>;
      const withinMs = Math.max(this.#leftMs(at, ask), ask.limits.timeoutMs);
      return this.#compensation(at, { status: 'RUNNING' }).#ask(at, ask, withinMs);
    }
    return this.#step(at, { status: 'RUNNING' }).#ask(at, action as AnyRemoteStep<S>);
  }

  retryFailed(): this {
    const steps = this.#log.steps.map(({ compensation, ...step }): StepLog => {
      return compensation === undefined || compensation.status === 'FAILED' ? step : { ...step, compensation };
    });
    this.#log = { ...this.#log, status: 'COMPENSATING', steps, rounds: this.#log.rounds + 1 };
    return this.undo();
  }

  /** A person has settled what failed. Participants that would go on trying are told so first. */
  resolveFailed(settlement: string): this {
    this.#log = { ...this.#log, context: { ...this.#log.context, settlement } };
    for (const [at, { compensation }] of this.#log.steps.entries()) {
      const action = this.#steps[at]?.compensation;
      const isTold = action !== undefined && isRemoteStep(action) && action.settled === 'tell';
      if (compensation?.status !== 'FAILED' || isTold) continue;
      this.#compensation(at, { status: 'RESOLVED', detail: settlement, endedAt: this.#now });
    }
    return this.retryFailed();
  }

  #failed(): this {
    this.#log = { ...this.#log, status: 'FAILED', endedAt: this.#now, context: {} };
    return this.#stopClock();
  }

  #stuck(): this {
    this.#log = { ...this.#log, status: 'COMPENSATION_FAILED' };
    const delayMs = compensationDelay(this.#log.rounds + 1, RETRY_MS);
    return delayMs === undefined ? this.#stopClock() : this.#clock(delayMs);
  }

  #isToBeUndone(at: number): boolean {
    const { status, compensation } = this.#log.steps[at] as StepLog;
    return (status === 'DONE' || status === 'UNKNOWN') && compensation === undefined;
  }

  /** How long the compensation of a step may still take, of what it may take in all. */
  #leftMs(at: number, { limits }: AnyRemoteStep<S>): number {
    const since = this.#log.steps[at]?.compensation?.startedAt ?? this.#now;
    return since.getTime() + limits.withinMs - this.#now.getTime();
  }

  #ask(at: number, action: AnyRemoteStep<S>, withinMs = action.limits.withinMs): this {
    const { call, request } = action;
    const asked: Task = call(request(this.#log.context, this.#why));
    if (asked.key !== this.#log.id)
      throw new Error(`${this.#nameOf(at)} asks under the key ${asked.key}, not the saga's.`);
    const idOf = action === this.#steps[at]?.action ? stepId : compensationId;
    this.#effects.push({ ...asked, cause: idOf(this.#log.id, this.#nameOf(at)) });
    return this.#clock(withinMs);
  }

  /** Its answer is not wanted any more. */
  #withdraw(action: AnyRemoteStep<S> | AnyLocalStep<S> | undefined): this {
    const call = callOf(action);
    if (call !== undefined) this.#effects.push(cancel(call, this.#log.id));
    return this;
  }

  #do({ does }: AnyLocalStep<S>, cause: string): void {
    this.#tell((subject) => does(subject, { ...this.#why, context: this.#log.context, now: this.#now }), cause);
  }

  /** @param cause the step that what is said follows from; absent: that of the message */
  #tell(told: Told<S>, cause?: string): void {
    const said = told(this.#subject);
    if (said === undefined) return;
    this.#subject = said.state;
    this.#effects.push(...said.effects.map((effect) => (cause === undefined ? effect : { ...effect, cause })));
  }

  #step(at: number, change: Partial<StepLog>): this {
    const steps = this.#log.steps.map((step, index) => (index === at ? { ...step, ...change } : step));
    this.#log = { ...this.#log, steps };
    return this;
  }

  #end(at: number, change: Partial<StepLog>): this {
    const forgets = new Set(this.#steps[at]?.forgets);
    const context = Object.fromEntries(Object.entries(this.#log.context).filter(([name]) => !forgets.has(name)));
    this.#log = { ...this.#log, context };
    return this.#step(at, { ...change, endedAt: this.#now });
  }

  #compensation(at: number, change: Partial<CompensationLog>): this {
    const before = this.#log.steps[at]?.compensation ?? { status: 'RUNNING', attempts: 0, startedAt: this.#now };
    return this.#step(at, { compensation: { ...before, ...change } });
  }

  #nameOf(at: number): string {
    return this.#steps[at]?.name ?? `step ${at}`;
  }

  #clock(delayMs: number): this {
    this.#effects.push(after(delayMs, SagaClock({ sagaId: this.#log.id })));
    return this;
  }

  #stopClock(): this {
    this.#effects.push(cancel(SagaClock, this.#log.id));
    return this;
  }
}

function waitMs(until: string | null, now: Date): number {
  return until === null ? ASK_AGAIN_MS : Math.max(Date.parse(until) - now.getTime(), 0) + GRACE_MS;
}
