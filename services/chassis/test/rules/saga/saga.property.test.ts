import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sagas } from '../../../src/rules/saga/definition.ts';
import { isEnded } from '../../../src/rules/saga/log.ts';
import { turningBack, waking } from '../../../src/rules/saga/reactions.ts';
import { DONE, now, REFUSED, SAGA, Toy, type ToyStep, toySaga, UNANSWERED, WAITING } from './toy.ts';

const toyStep: fc.Arbitrary<ToyStep> = fc.record({
  asks: fc.boolean(),
  undoes: fc.constantFrom('asks', 'does', 'nothing'),
});
const table = fc.array(toyStep, { minLength: 1, maxLength: 8 });
const happening = fc.constantFrom(
  'done',
  'refused',
  'unanswered',
  'waiting',
  'late',
  'clock',
  'wake',
  'turn back',
  'retry',
);
const ANSWERS = { done: DONE, refused: REFUSED, unanswered: UNANSWERED, waiting: WAITING } as const;

/** Everything that can happen to a saga, in any order; `late` is the answer to something that is not asked any more. */
function happen(toy: Toy, what: string): void {
  const { orchestrator, diary } = toy;
  switch (what) {
    case 'clock':
      if (toy.pending.has('SagaClock')) toy.clock();
      return;
    case 'late':
      for (const name of new Set(toy.asked)) if (!toy.pending.has(name)) toy.answer(DONE, name);
      return;
    case 'wake':
      toy.take(orchestrator.wake(diary, now));
      return;
    case 'turn back':
      toy.take(orchestrator.turnBack(diary, { code: 'CUSTOMER', detail: 'No more.' }, now));
      return;
    case 'retry':
      toy.take(orchestrator.retry(diary, SAGA, now));
      return;
    default:
      if (toy.asking !== undefined) toy.answer(ANSWERS[what as keyof typeof ANSWERS]);
  }
}

/** Everything that is still asked, or waited for, comes to its end well. */
function comeToRest(toy: Toy): void {
  for (let n = 0; !isEnded(toy.log) && n < 100; n += 1) {
    if (toy.asking !== undefined) toy.answer(DONE);
    else if (toy.pending.has('SagaClock')) toy.clock();
    else toy.take(toy.orchestrator.retry(toy.diary, SAGA, now));
  }
}

describe('Any saga', () => {
  it('has undone, in reverse, exactly what was or may have been done, or nothing when it was completed', () => {
    fc.assert(
      fc.property(table, fc.array(happening, { maxLength: 40 }), (steps, happenings) => {
        const toy = new Toy(toySaga(steps)).begin();
        for (const what of happenings) happen(toy, what);
        comeToRest(toy);
        const { log, diary } = toy;
        expect(isEnded(log)).toBe(true);
        const names = (prefix: string) =>
          (diary?.told ?? []).filter((told) => /^\w+ \d+$/.test(told) && told.startsWith(prefix));
        if (log.status === 'COMPLETED') {
          expect(names('do')).toEqual(steps.map((_, at) => `do ${at}`));
          expect(names('undo')).toEqual([]);
          return;
        }
        const toUndo = log.steps.flatMap(({ status }, at) =>
          (status === 'DONE' || status === 'UNKNOWN') && steps[at]?.undoes !== 'nothing' ? [`undo ${at}`] : [],
        );
        // Each once. A compensation that was refused first is made good later, behind those that worked at once.
        expect([...names('undo')].sort()).toEqual([...toUndo].sort());
        if (!happenings.some((what) => ['refused', 'unanswered', 'clock'].includes(what))) {
          expect(names('undo')).toEqual(toUndo.reverse());
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('asks for compensations in the reverse order of the steps, whatever fails', () => {
    const answers = fc.array(fc.constantFrom('done', 'refused', 'unanswered'), { maxLength: 20 });
    fc.assert(
      fc.property(table, answers, (steps, happenings) => {
        const toy = new Toy(toySaga(steps)).begin();
        for (const what of happenings) happen(toy, what);
        const undone = toy.asked.filter((name) => name.startsWith('undo')).map((name) => Number(name.slice(5)));
        expect(undone).toEqual([...undone].sort((a, b) => b - a));
      }),
      { numRuns: 1_000 },
    );
  });

  it('asks for one thing at a time, and has a clock while it is neither ended nor given to a person', () => {
    fc.assert(
      fc.property(table, fc.array(happening, { maxLength: 30 }), (steps, happenings) => {
        const toy = new Toy(toySaga(steps)).begin();
        for (const what of happenings) {
          happen(toy, what);
          const asked = [...toy.pending.keys()].filter((name) => name !== 'SagaClock');
          expect(asked.length).toBeLessThanOrEqual(1);
          const atRest = isEnded(toy.log) || toy.log.status === 'COMPENSATION_FAILED';
          if (!atRest) expect(toy.pending.has('SagaClock')).toBe(true);
          if (isEnded(toy.log)) expect(toy.pending.size).toBe(0);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('lists for the rows that wake it, or turn it back, all that it says then', () => {
    const namesOf = (said: readonly { readonly messageName: string }[]) => said.map(({ messageName }) => messageName);
    fc.assert(
      fc.property(table, fc.array(happening, { maxLength: 30 }), (steps, happenings) => {
        const definition = toySaga(steps);
        const listed = { wake: waking(sagas(definition)), 'turn back': turningBack(sagas(definition)) };
        const toy = new Toy(definition).begin();
        for (const what of happenings) {
          const told = toy.diary?.told.length ?? 0;
          toy.started.length = 0;
          happen(toy, what);
          if (what !== 'wake' && what !== 'turn back') continue;
          expect(namesOf(listed[what].starts)).toEqual(expect.arrayContaining(toy.started));
          // What an orchestrator's own service does is what it may emit.
          const did = toy.diary?.told.slice(told) ?? [];
          const undoings = steps.flatMap(({ undoes }, at) => (undoes === 'does' ? [`undo ${at}`] : []));
          expect(what === 'wake' ? [] : undoings).toEqual(expect.arrayContaining(did));
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
