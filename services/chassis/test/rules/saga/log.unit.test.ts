import { describe, expect, it } from '@jest/globals';
import { decided } from '../../../src/rules/decision.ts';
import { call } from '../../../src/rules/messages.ts';
import {
  type AnyRemoteStep,
  begins,
  remoteStepsOf,
  type StepAnswer,
  saga,
  step,
  type Tried,
} from '../../../src/rules/saga/definition.ts';
import { type Diary, DONE, now, REFUSED, SAGA, Toy, toySaga, UNANSWERED, WAITING } from './toy.ts';

const asks = { asks: true, undoes: 'asks' } as const;
const three = [asks, asks, asks];
const toy = () => new Toy(toySaga(three)).begin();
const word = { sagaId: SAGA, reason: 'the customer called' };

describe('The log of a saga says', () => {
  it('what is still to be done, what was asked how often, and when each step began and ended', () => {
    expect(toy().log).toMatchObject({
      id: SAGA,
      definition: 'toy',
      version: 1,
      status: 'STARTED',
      rounds: 0,
      startedAt: now,
    });
    expect(toy().log.steps).toEqual([
      { name: 'do 0', status: 'RUNNING', attempts: 0, startedAt: now },
      { name: 'do 1', status: 'PENDING', attempts: 0 },
      { name: 'do 2', status: 'PENDING', attempts: 0 },
    ]);
    expect(toy().answer(DONE).log.steps[0]).toEqual({
      name: 'do 0',
      status: 'DONE',
      attempts: 1,
      startedAt: now,
      endedAt: now,
    });
  });

  it('that a step was refused, and why', () => {
    expect(toy().answer(REFUSED).log.steps[0]).toMatchObject({
      status: 'REFUSED',
      attempts: 1,
      detail: 'No.',
      endedAt: now,
    });
  });

  it('that nobody knows what a step came to, when nobody answered or it took too long', () => {
    expect(toy().answer(UNANSWERED).log.steps[0]).toMatchObject({ status: 'UNKNOWN', attempts: 1, endedAt: now });
    expect(toy().clock().log).toMatchObject({
      cause: { code: 'UNANSWERED', detail: 'do 0 had no answer in time.', step: 'do 0' },
    });
  });

  it('that a step waits, and for what', () => {
    expect(toy().answer(WAITING).log.steps[0]).toMatchObject({ status: 'WAITING', attempts: 1, detail: 'Busy.' });
  });

  it('that it is being undone, step by step, and how each was', () => {
    const undoing = toy().answer(DONE).answer(REFUSED);
    expect(undoing.log).toMatchObject({ status: 'COMPENSATING' });
    expect(undoing.log.steps[0]?.compensation).toEqual({ status: 'RUNNING', attempts: 0, startedAt: now });
    expect(undoing.answer(WAITING).log.steps[0]?.compensation).toMatchObject({
      status: 'WAITING',
      attempts: 1,
      detail: 'Busy.',
    });
    expect(undoing.answer(DONE, 'undo 0').log.steps[0]?.compensation).toMatchObject({ status: 'WAITING' });
    undoing.clock();
    expect(undoing.log.steps[0]?.compensation).toMatchObject({ status: 'RUNNING' });
    expect(undoing.answer(DONE).log.steps[0]?.compensation).toMatchObject({
      status: 'DONE',
      attempts: 1,
      endedAt: now,
    });
  });

  it('that what the orchestrator undoes itself is done at once', () => {
    const own = new Toy(toySaga([{ asks: false, undoes: 'does' }, asks])).begin().answer(REFUSED);
    expect(own.log.steps[0]?.compensation).toMatchObject({ status: 'DONE', endedAt: now });
  });

  it('what could not be undone, how often it was tried, and what was said', () => {
    const failed = toy().answer(DONE).answer(REFUSED).answer(REFUSED);
    expect(failed.log.steps[0]?.compensation).toMatchObject({
      status: 'FAILED',
      attempts: 1,
      detail: 'No.',
      endedAt: now,
    });
    const late = toy().answer(DONE).answer(REFUSED).clock();
    expect(late.log.steps[0]?.compensation).toMatchObject({
      status: 'FAILED',
      attempts: 0,
      detail: 'do 0 had no answer in time.',
    });
    const again = toy().answer(DONE).answer(REFUSED).answer(WAITING).clock().clock();
    expect(again.log.steps[0]?.compensation).toMatchObject({ status: 'FAILED', attempts: 1 });
  });
});

describe('The subject of a saga is told', () => {
  const told = (by: Toy) => by.diary?.told;

  it('that a step waits, was refused, or had no answer', () => {
    expect(told(toy().answer(WAITING))).toEqual(['do 0 waits']);
    expect(told(toy().answer(REFUSED))).toEqual(['do 0 refused']);
    expect(told(toy().answer(UNANSWERED))).toEqual(['do 0 unanswered']);
    expect(told(toy().clock())).toEqual(['do 0 unanswered']);
  });

  it('that something could not be undone', () => {
    expect(told(toy().answer(DONE).answer(REFUSED).answer(REFUSED))?.at(-1)).toBe('undo 0 refused');
  });
});

/** A saga whose steps say nothing to the subject, and write down what they are given. */
function plain({ key = SAGA, forgets = [] as string[], asksFirst = true } = {}) {
  const given: unknown[] = [];
  const ask = (name: string): AnyRemoteStep<Diary> => ({
    call: call<string, { readonly id: string }, Tried<StepAnswer>>(name, ({ id }) => id),
    limits: { timeoutMs: 1, attempts: 1, withinMs: 30_000 },
    request: (context: object, why: object) => {
      given.push([name, context, why]);
      return { id: key };
    },
  });
  const localStep = (name: string) => ({
    emits: [],
    does: (diary: Diary, at: object) => {
      given.push([name, at]);
      return decided(diary);
    },
  });
  const first = step<Diary, object>('first', localStep('first')).compensate(localStep('undo first'));
  const second = step<Diary, object>('second', ask('second'), { forgets }).compensate(ask('undo second'));
  const third = step<Diary, object>('third', ask('third'));
  const steps = asksFirst ? [second, third] : [first, second, third];
  return { given, toy: new Toy(saga('plain', 1, begins<object>(), steps)) };
}

describe('A step', () => {
  it('that tells the subject nothing is fine, whatever it comes to', () => {
    for (const answer of [DONE, WAITING, REFUSED, UNANSWERED]) {
      const { toy: silent } = plain();
      expect(silent.begin().answer(answer).diary?.told).toEqual([]);
    }
    const { toy: undone } = plain();
    expect(undone.begin().answer(DONE).answer(REFUSED).answer(REFUSED).log.status).toBe('COMPENSATION_FAILED');
    const { toy: good } = plain();
    expect(good.begin().answer(DONE).answer(REFUSED).answer(DONE).log.status).toBe('FAILED');
  });

  it('is given what is known, and what undoes it also why, and how often it was tried', () => {
    const { given, toy: silent } = plain({ asksFirst: false });
    silent
      .begin({ orderId: 'a' })
      .answer({ kind: 'done', learned: { paymentId: 'p' } })
      .answer(REFUSED)
      .answer(REFUSED)
      .clock()
      .answer(DONE);
    const context = { orderId: 'a', paymentId: 'p' };
    const cause = { code: 'NO', detail: 'No.', step: 'third' };
    expect(given).toEqual([
      ['first', { context: { orderId: 'a' }, now, cause: undefined, rounds: 0 }],
      ['second', { orderId: 'a' }, { cause: undefined, rounds: 0 }],
      ['third', context, { cause: undefined, rounds: 0 }],
      ['undo second', context, { cause, rounds: 0 }],
      ['undo second', context, { cause, rounds: 1 }],
      ['undo first', { context, now, cause, rounds: 1 }],
    ]);
  });

  it('forgets what must not be kept when it has ended, and nothing else', () => {
    const { toy: secret } = plain({ forgets: ['token'] });
    expect(secret.begin({ token: 't', orderId: 'a' }).log.context).toEqual({ token: 't', orderId: 'a' });
    expect(secret.answer(DONE).log.context).toEqual({ orderId: 'a' });
    const { toy: open } = plain();
    expect(open.begin({ token: 't' }).answer(DONE).log.context).toEqual({ token: 't' });
  });

  it("that asks under another key than the saga's is refused: its answer would find nobody", () => {
    expect(() => plain({ key: 'other' }).toy.begin()).toThrow('second asks under the key other');
  });

  it('that waits is withdrawn, and undone, when the saga turns back', () => {
    const waiting = toy().answer(WAITING);
    waiting.take(waiting.orchestrator.compensate(waiting.diary, word, now));
    expect(waiting.log.steps[0]).toMatchObject({ status: 'UNKNOWN' });
    expect(waiting.asking).toBe('undo 0');
  });

  it('that names no moment is asked again after two seconds, under the id of its saga', () => {
    const clock = toy().answer(WAITING).pending.get('SagaClock');
    expect(clock).toMatchObject({ key: SAGA, data: { sagaId: SAGA }, delayMs: 2_000 });
    const past = toy().answer({ ...WAITING, until: new Date(0).toISOString() } as typeof WAITING);
    expect(past.pending.get('SagaClock')).toMatchObject({ delayMs: 1_000 });
  });

  it('has its bound from the moment it is asked', () => {
    expect(toy().pending.get('SagaClock')).toMatchObject({ delayMs: 30_000 });
  });
});

describe('What comes too late, or is about nothing, changes nothing, and the log can say why', () => {
  const tooLate = { kind: 'ignored', reason: 'the answer came too late: the orchestrator has gone on without it' };
  const answered = (by: Toy, name: string, diary = by.diary) =>
    by.orchestrator.answered(diary, { call: name, answer: { ...DONE, attempts: 1 }, now });

  it('an answer to a step that waits, has ended, or is being undone', () => {
    expect(answered(toy().answer(WAITING), 'do 0')).toEqual(tooLate);
    expect(answered(toy().answer(DONE), 'do 0')).toEqual(tooLate);
    expect(answered(toy().answer(REFUSED), 'do 0')).toEqual(tooLate);
    expect(answered(toy(), 'do 2')).toEqual(tooLate);
  });

  it('an answer to what is not being undone, or to what nobody asks', () => {
    expect(answered(toy(), 'undo 0')).toEqual(tooLate);
    expect(answered(toy(), 'something else')).toEqual(tooLate);
  });

  it('the clock, when the saga has ended or nothing is under way', () => {
    const ended = toy().answer(REFUSED);
    expect(ended.orchestrator.clock(ended.diary, now)).toEqual({ kind: 'ignored', reason: 'the saga has ended' });
    const idle = toy();
    const steps = idle.log.steps.map((line) => ({ ...line, status: 'DONE' as const }));
    const diary = { told: [], saga: { ...idle.log, steps } };
    expect(idle.orchestrator.clock(diary, now)).toEqual({ kind: 'ignored', reason: 'nothing is under way' });
  });

  it('whatever is heard of a subject that has no orchestrator', () => {
    const { orchestrator } = toy();
    for (const subject of [undefined, { told: [] }]) {
      const none = { kind: 'ignored', reason: 'it has no orchestrator' };
      expect(orchestrator.answered(subject, { call: 'do 0', answer: { ...DONE, attempts: 1 }, now })).toEqual(none);
      expect(orchestrator.wake(subject, now)).toEqual(none);
      expect(orchestrator.clock(subject, now)).toEqual({ kind: 'ignored', reason: 'the saga has ended' });
      expect(orchestrator.turnBack(subject, { code: 'X', detail: 'x' }, now)).toMatchObject({ kind: 'ignored' });
      for (const asked of [
        orchestrator.retry(subject, SAGA, now),
        orchestrator.compensate(subject, word, now),
        orchestrator.resolve(subject, word, now),
      ])
        expect(asked).toMatchObject({ kind: 'rejected', error: { code: 'SAGA_NOT_FOUND' } });
    }
  });

  it('a second cause to turn back', () => {
    const { orchestrator, diary } = toy().answer(DONE).answer(REFUSED);
    const cause = { code: 'CUSTOMER', detail: 'You cancelled.' };
    expect(orchestrator.turnBack(diary, cause, now)).toEqual({
      kind: 'ignored',
      reason: 'the saga has ended, or is being compensated already',
    });
  });

  it('but the first one turns it back, and what failed is tried again when something is heard', () => {
    const running = toy().answer(DONE);
    running.take(running.orchestrator.turnBack(running.diary, { code: 'CUSTOMER', detail: 'You cancelled.' }, now));
    expect(running.log).toMatchObject({ status: 'COMPENSATING', cause: { code: 'CUSTOMER' } });
    const stuck = toy().answer(DONE).answer(REFUSED).answer(REFUSED);
    expect(stuck.take(stuck.orchestrator.wake(stuck.diary, now)).asking).toBe('undo 0');
  });

  it('a person who settles a saga that has ended', () => {
    const { orchestrator, diary } = toy().answer(REFUSED);
    expect(orchestrator.resolve(diary, word, now)).toMatchObject({ error: { code: 'SAGA_ENDED' } });
  });
});

describe('A saga of another table', () => {
  it('is not gone on with under one that has only its version, and says under which code', () => {
    const begun = toy();
    const saga = { ...begun.log, definition: 'another' };
    expect(() => begun.orchestrator.clock({ told: [], saga }, now)).toThrow(
      expect.objectContaining({ code: 'SAGA_TABLE_UNKNOWN' }),
    );
  });
});

describe('A table', () => {
  it('names all that is asked, forwards and backwards', () => {
    const { steps } = toySaga([{ asks: false, undoes: 'asks' }, asks, { asks: true, undoes: 'nothing' }]);
    expect(remoteStepsOf(steps).map(({ call: { messageName } }) => messageName)).toEqual([
      'undo 0',
      'do 1',
      'undo 1',
      'do 2',
    ]);
  });

  it('is refused when two asks share a call: an answer would not tell whose it is', () => {
    const ask: AnyRemoteStep<Diary> = {
      call: call<string, { id: string }, Tried<StepAnswer>>('ask', ({ id }) => id),
      limits: { timeoutMs: 1, attempts: 1, withinMs: 1 },
      request: () => ({ id: SAGA }),
    };
    const steps = [step<Diary, object>('a', ask), step<Diary, object>('b', ask)];
    expect(() => saga('toy', 1, begins<object>(), steps)).toThrow('has ask twice');
  });

  it('forgets nothing unless it says so', () => {
    expect(step<Diary, object>('a', { emits: [], does: (diary) => decided(diary) }).forgets).toEqual([]);
  });
});
