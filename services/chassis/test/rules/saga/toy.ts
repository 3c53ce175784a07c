import type { Caused, Decided, Decision, Effect } from '../../../src/rules/decision.ts';
import { decided } from '../../../src/rules/decision.ts';
import { call, type Task } from '../../../src/rules/messages.ts';
import {
  type AnyLocalStep,
  type AnyRemoteStep,
  type AnyStep,
  begins,
  type SagaDefinition,
  type StepAnswer,
  saga,
  sagas,
  step,
  type Tried,
} from '../../../src/rules/saga/definition.ts';
import type { SagaLog } from '../../../src/rules/saga/log.ts';
import { Orchestrator } from '../../../src/rules/saga/orchestrator.ts';

/** A subject that writes down what it is told. */
export interface Diary {
  readonly told: readonly string[];
  readonly saga?: SagaLog;
}
/** What one step of a random table is like. */
export interface ToyStep {
  readonly asks: boolean;
  readonly undoes: 'asks' | 'does' | 'nothing';
  /** Its participant is told when a person has settled what it could not undo. */
  readonly told?: boolean;
}

export const SAGA = 'saga-1';
export const now = new Date('2026-11-25T18:00:00.000Z');
const limits = { timeoutMs: 1_000, attempts: 3, withinMs: 30_000 };
const keyOf = (request: { readonly id: string }) => request.id;
const asking = (name: string) => call<string, { readonly id: string }, Tried<StepAnswer>>(name, keyOf);

const tell = (diary: Diary, what: string): Decided<Diary> => decided({ ...diary, told: [...diary.told, what] });

function action(name: string, asks: boolean, told = false): AnyRemoteStep<Diary> | AnyLocalStep<Diary> {
  if (!asks) return { emits: [], does: (diary: Diary) => tell(diary, name) };
  return {
    call: asking(name),
    limits,
    request: () => ({ id: SAGA }),
    done: (diary: Diary) => tell(diary, name),
    refused: (diary: Diary, { kind }: StepAnswer) => tell(diary, `${name} ${kind}`),
    waiting: (diary: Diary) => tell(diary, `${name} waits`),
    ...(told && ({ settled: 'tell' } as const)),
  };
}

export function toySaga(steps: readonly ToyStep[], version = 1): SagaDefinition<Diary> {
  const lines: readonly AnyStep<Diary>[] = steps.map(({ asks, undoes, told }, at) => {
    const line = step<Diary, object>(`do ${at}`, action(`do ${at}`, asks));
    return undoes === 'nothing' ? line : line.compensate(action(`undo ${at}`, undoes === 'asks', told));
  });
  return saga('toy', version, begins<object>(), lines);
}

/** A saga that is orchestrated, message by message; what is asked is answered by the test. */
export class Toy {
  readonly orchestrator: Orchestrator<Diary>;
  diary: Diary | undefined;
  /** What is being asked, as the task table would hold it: at most one of a name. */
  readonly pending = new Map<string, Task & Caused>();
  /** How long ago the saga was begun. */
  sinceMs = 0;
  /** Everything that was ever asked, in order. */
  readonly asked: string[] = [];
  /** Every call and timer that was started, in order; a test may empty it. */
  readonly started: string[] = [];

  constructor(current: SagaDefinition<Diary>, ...older: readonly SagaDefinition<Diary>[]) {
    this.orchestrator = new Orchestrator(sagas(current, ...older), {
      logOf: (diary) => diary?.saga,
      withLog: (diary, saga) => ({ ...diary, saga }),
    });
  }

  begin(context = {}): this {
    return this.take(this.orchestrator.begin({ told: [] }, { id: SAGA, context, now }));
  }

  get log(): SagaLog {
    if (this.diary?.saga === undefined) throw new Error('the saga was not begun');
    return this.diary.saga;
  }

  get now(): Date {
    return new Date(now.getTime() + this.sinceMs);
  }

  /** So long nothing happens. */
  passes(ms: number): this {
    this.sinceMs += ms;
    return this;
  }

  /** The call that waits for an answer. */
  get asking(): string | undefined {
    return [...this.pending.keys()].find((name) => name !== 'SagaClock');
  }

  answer(answer: StepAnswer, name = this.asking ?? ''): this {
    this.pending.delete(name);
    return this.take(
      this.orchestrator.answered(this.diary, { call: name, answer: { ...answer, attempts: 1 }, now: this.now }),
    );
  }

  clock(): this {
    this.pending.delete('SagaClock');
    return this.take(this.orchestrator.clock(this.diary, this.now));
  }

  take(decision: Decision<Diary | undefined> | { readonly kind: 'rejected'; readonly error: Error }): this {
    if (decision.kind !== 'decided') return this;
    this.diary = decision.state;
    for (const effect of decision.effects) this.#apply(effect);
    return this;
  }

  #apply(effect: Effect): void {
    if (!('kind' in effect)) return;
    if (effect.kind === 'cancellation') this.pending.delete(effect.type);
    else {
      this.pending.set(effect.type, effect);
      this.started.push(effect.type);
      if (effect.type !== 'SagaClock') this.asked.push(effect.type);
    }
  }
}

export const DONE: StepAnswer = { kind: 'done', learned: {} };
export const REFUSED: StepAnswer = { kind: 'refused', code: 'NO', detail: 'No.' };
export const UNANSWERED: StepAnswer = { kind: 'unanswered', detail: 'Nobody was there.' };
export const WAITING: StepAnswer = { kind: 'waiting', code: 'BUSY', detail: 'Busy.', until: null };
