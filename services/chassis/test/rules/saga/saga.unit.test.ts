import { describe, expect, it } from '@jest/globals';
import { stepPort } from '../../../src/ports/step-port.ts';
import { Terminal } from '../../../src/rules/failure.ts';
import { begins, type StepAnswer, saga, sagas, step } from '../../../src/rules/saga/definition.ts';
import { orchestrated } from '../../../src/rules/saga/reactions.ts';
import { compensationId, stepId } from '../../../src/rules/saga/step-id.ts';
import { DONE, now, REFUSED, SAGA, Toy, toySaga, UNANSWERED, WAITING } from './toy.ts';

const three = [
  { asks: false, undoes: 'does' },
  { asks: true, undoes: 'asks' },
  { asks: true, undoes: 'asks' },
  { asks: true, undoes: 'asks' },
  { asks: false, undoes: 'nothing' },
] as const;
const toy = () => new Toy(toySaga(three)).begin();

describe('A saga that goes well', () => {
  it('asks one step after the other, and does its own in between', () => {
    const { log, diary, asked } = toy().answer(DONE).answer(DONE).answer(DONE);
    expect(asked).toEqual(['do 1', 'do 2', 'do 3']);
    expect(diary?.told).toEqual(['do 0', 'do 1', 'do 2', 'do 3', 'do 4']);
    expect(log.status).toBe('COMPLETED');
    expect(log.steps.map(({ status }) => status)).toEqual(['DONE', 'DONE', 'DONE', 'DONE', 'DONE']);
  });

  it('has written a step down before it is asked', () => {
    const { log, asking } = toy();
    expect(asking).toBe('do 1');
    expect(log.steps[1]).toMatchObject({ name: 'do 1', status: 'RUNNING', startedAt: now });
  });

  it('keeps nothing of what it knew when it has ended, and no clock', () => {
    const { log, pending } = new Toy(toySaga(three)).begin({ secret: 1 }).answer(DONE).answer(DONE).answer(DONE);
    expect(log.context).toEqual({});
    expect(pending.size).toBe(0);
  });

  it('gives later steps what earlier ones have learned', () => {
    const learned = toy().answer({ kind: 'done', learned: { paymentId: 'p-1' } });
    expect(learned.log.context).toEqual({ paymentId: 'p-1' });
  });
});

describe('What follows from a step', () => {
  it('names it: the step, or what undoes it, by an id that is the same in every attempt and round', () => {
    const going = toy();
    expect(going.pending.get('do 1')?.cause).toBe(stepId(SAGA, 'do 1'));
    const back = going.answer(DONE).answer(DONE).answer(REFUSED);
    expect(back.pending.get('undo 2')?.cause).toBe(compensationId(SAGA, 'do 2'));
    const again = back.answer(REFUSED).answer(DONE).clock();
    expect(again.pending.get('undo 2')?.cause).toBe(compensationId(SAGA, 'do 2'));
    const waiting = toy().answer(WAITING).clock();
    expect(waiting.pending.get('do 1')?.cause).toBe(stepId(SAGA, 'do 1'));
  });

  it('is told apart by saga, by step, and by direction', () => {
    const of = (saga: string) => [stepId(saga, 'a'), stepId(saga, 'b'), compensationId(saga, 'a')];
    const ids = [...of(SAGA), ...of('saga-2')];
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('is told to the participant that is asked, beside the trace', async () => {
    const call = Object.assign(() => undefined as never, { kind: 'call' as const, messageName: 'Ask' });
    const ask = { call, limits: { timeoutMs: 1_000, attempts: 1, withinMs: 1_000 }, request: () => ({}) };
    const told: unknown[] = [];
    const port = stepPort(ask, 'somebody', async (_, { headers }) => {
      told.push(headers);
      return DONE;
    });
    const context = {
      idempotencyKey: 'k',
      causationId: stepId(SAGA, 'do 1'),
      depth: 3,
      attempt: 1,
      headers: { traceparent: 't' },
    };
    await port.perform({}, { ...context, signal: AbortSignal.timeout(1_000) });
    expect(told).toEqual([{ traceparent: 't', 'x-causation-id': stepId(SAGA, 'do 1'), 'x-causation-depth': '3' }]);
  });
});

describe('A step that fails', () => {
  it('that was refused is not undone; what was done before it is, in reverse', () => {
    const turned = toy().answer(DONE).answer(DONE).answer(REFUSED);
    expect(turned.asking).toBe('undo 2');
    const { asked, log, diary } = turned.answer(DONE).answer(DONE);
    expect(asked.slice(3)).toEqual(['undo 2', 'undo 1']);
    expect(log).toMatchObject({ status: 'FAILED', cause: { code: 'NO', detail: 'No.', step: 'do 3' } });
    expect(diary?.told.slice(-2)).toEqual(['undo 1', 'undo 0']);
  });

  it('that nobody answered is undone as if it had been done', () => {
    const { asked, log } = toy().answer(DONE).answer(UNANSWERED).answer(DONE).answer(DONE);
    expect(asked.slice(2)).toEqual(['undo 2', 'undo 1']);
    expect(log.steps[2]).toMatchObject({ status: 'UNKNOWN', compensation: { status: 'DONE' } });
    expect(log).toMatchObject({ status: 'FAILED', cause: { code: 'UNANSWERED' } });
  });

  it('that was refused and may have been done before is undone as well, for the reason of the refusal', () => {
    const { asked, log } = toy()
      .answer(DONE)
      .answer({ ...REFUSED, mayBeDone: true } as StepAnswer)
      .answer(DONE)
      .answer(DONE);
    expect(asked.slice(2)).toEqual(['undo 2', 'undo 1']);
    expect(log.steps[2]).toMatchObject({ status: 'UNKNOWN', detail: 'No.', compensation: { status: 'DONE' } });
    expect(log).toMatchObject({ status: 'FAILED', cause: { code: 'NO', detail: 'No.', step: 'do 2' } });
  });

  it('that takes too long is given up, and its late answer changes nothing', () => {
    const late = toy().answer(DONE).clock();
    expect(late.asking).toBe('undo 2');
    expect(late.pending.has('do 2')).toBe(false);
    const before = late.diary;
    expect(late.answer(DONE, 'do 2').diary).toBe(before);
    expect(late.asking).toBe('undo 2');
  });
});

describe('A step that waits', () => {
  it('is asked again when the clock goes off, and not given up', () => {
    const waiting = toy().answer(WAITING);
    expect(waiting.log.steps[1]?.status).toBe('WAITING');
    expect(waiting.asking).toBeUndefined();
    expect(waiting.clock().asking).toBe('do 1');
    expect(waiting.answer(DONE).asking).toBe('do 2');
  });

  it('is asked again when something is heard', () => {
    const waiting = toy().answer(WAITING);
    expect(waiting.take(waiting.orchestrator.wake(waiting.diary, now)).asking).toBe('do 1');
  });

  it('is asked again after the moment that the participant named', () => {
    const until = new Date(now.getTime() + 60_000).toISOString();
    const { pending } = toy().answer({ ...WAITING, until } as typeof WAITING);
    expect(pending.get('SagaClock')).toMatchObject({ delayMs: 61_000 });
  });

  it('is left alone by what is heard while it is asked', () => {
    const { orchestrator, diary } = toy();
    expect(orchestrator.wake(diary, now)).toMatchObject({ kind: 'ignored' });
  });
});

describe('A compensation that fails', () => {
  const stuck = () => toy().answer(DONE).answer(DONE).answer(REFUSED).answer(REFUSED).answer(DONE);

  it('does not stop those before it; the last word is not said', () => {
    const { log, diary, asked } = stuck();
    expect(asked.slice(3)).toEqual(['undo 2', 'undo 1']);
    expect(log.status).toBe('COMPENSATION_FAILED');
    expect(log.steps.map(({ compensation }) => compensation?.status)).toEqual([
      undefined,
      'DONE',
      'FAILED',
      undefined,
      undefined,
    ]);
    expect(diary?.told).not.toContain('undo 0');
  });

  it('is tried again by itself, twice as late each time, and then waits for a person', () => {
    const failing = stuck();
    const delays: number[] = [];
    while (failing.pending.has('SagaClock')) {
      delays.push(failing.pending.get('SagaClock')?.delayMs ?? 0);
      failing.clock().answer(REFUSED);
    }
    expect(delays).toEqual([5_000, 10_000, 20_000, 40_000, 80_000]);
    expect(failing.log.status).toBe('COMPENSATION_FAILED');
  });

  it('ends the saga when it works in the end', () => {
    const { log, diary } = stuck().clock().answer(DONE);
    expect(log.status).toBe('FAILED');
    expect(diary?.told.at(-1)).toBe('undo 0');
  });

  it('whose participant is busy is waited for within its time in all, however often it is asked again', () => {
    const busy = toy().answer(DONE).answer(REFUSED).passes(20_000).answer(WAITING);
    expect(busy.clock().pending.get('SagaClock')).toMatchObject({ delayMs: 10_000 });
    expect(busy.passes(9_999).answer(WAITING).log.status).toBe('COMPENSATING');
    // The last try has its own time-out, and not a moment more.
    expect(busy.clock().pending.get('SagaClock')).toMatchObject({ delayMs: 1_000 });
    expect(busy.passes(1).answer(WAITING).log).toMatchObject({ status: 'COMPENSATION_FAILED' });
    expect(busy.log.steps[1]?.compensation).toMatchObject({
      status: 'FAILED',
      detail: 'It was still under way after 30 s: Busy.',
    });
    expect(busy.asking).toBeUndefined();
  });

  it('whose participant is busy for too long does not hold up those before it', () => {
    const busy = toy().answer(DONE).answer(DONE).answer(REFUSED).passes(30_000).answer(WAITING);
    expect(busy.asking).toBe('undo 1');
    expect(busy.answer(DONE).log.status).toBe('COMPENSATION_FAILED');
    // In the next round it has its whole time again.
    expect(busy.clock().answer(WAITING).log.status).toBe('COMPENSATING');
  });

  it('waits for the moment that a participant names, however late that is', () => {
    const until = new Date(now.getTime() + 90_000).toISOString();
    const waiting = toy().answer(DONE).answer(REFUSED).passes(60_000);
    expect(waiting.answer({ ...WAITING, until } as typeof WAITING).log.status).toBe('COMPENSATING');
    expect(waiting.pending.get('SagaClock')).toMatchObject({ delayMs: 31_000 });
  });

  it('that nobody answers in time fails as well, and is not asked any more', () => {
    const late = toy().answer(DONE).answer(REFUSED).clock();
    expect(late.asking).toBeUndefined();
    expect(late.log).toMatchObject({ status: 'COMPENSATION_FAILED' });
  });

  it('is resolved by a person, in whose words it stays in the log', () => {
    const failing = stuck();
    const resolution = { sagaId: SAGA, reason: 'sent back by hand' };
    const { log, diary } = failing.take(failing.orchestrator.resolve(failing.diary, resolution, now));
    expect(log).toMatchObject({ status: 'FAILED' });
    expect(log.steps[2]?.compensation).toMatchObject({ status: 'RESOLVED', detail: 'sent back by hand' });
    expect(diary?.told.at(-1)).toBe('undo 0');
  });

  it('whose participant would go on trying is told first that a person has settled it', () => {
    const told = new Toy(toySaga(three.map((line) => ({ ...line, told: true })))).begin();
    told.answer(DONE).answer(REFUSED).answer(REFUSED);
    const resolution = { sagaId: SAGA, reason: 'sent back by hand' };
    told.take(told.orchestrator.resolve(told.diary, resolution, now));
    expect(told.log).toMatchObject({ status: 'COMPENSATING', context: { settlement: 'sent back by hand' } });
    expect(told.asking).toBe('undo 1');
    expect(told.answer(DONE).log).toMatchObject({ status: 'FAILED' });
  });

  it('is tried again at once when a person wants it', () => {
    const failing = stuck();
    expect(failing.take(failing.orchestrator.retry(failing.diary, SAGA, now)).asking).toBe('undo 2');
  });
});

describe('A person', () => {
  const word = { sagaId: SAGA, reason: 'the customer called' };

  it('can have a saga undone that is on its way', () => {
    const running = toy().answer(DONE);
    const undone = running
      .take(running.orchestrator.compensate(running.diary, word, now))
      .answer(DONE)
      .answer(DONE);
    expect(undone.log).toMatchObject({ status: 'FAILED', cause: { code: 'OPERATOR', detail: 'the customer called' } });
  });

  it('is refused what cannot be: another saga, one that has ended, one that is not stuck', () => {
    const codeOf = (decision: unknown) => (decision as { error?: { code?: string } }).error?.code;
    const ended = toy().answer(REFUSED);
    const { orchestrator } = ended;
    expect(codeOf(orchestrator.retry({ told: [] }, SAGA, now))).toBe('SAGA_NOT_FOUND');
    expect(codeOf(orchestrator.compensate(ended.diary, word, now))).toBe('SAGA_ENDED');
    expect(codeOf(orchestrator.retry(ended.diary, SAGA, now))).toBe('SAGA_ENDED');
    expect(codeOf(orchestrator.resolve(toy().diary, word, now))).toBe('SAGA_NOT_FAILED');
    expect(codeOf(orchestrator.compensate(toy().answer(DONE).answer(REFUSED).diary, word, now))).toBe(
      'SAGA_COMPENSATING',
    );
  });
});

describe('A table that has changed', () => {
  const older = toySaga(three.slice(0, 3), 1);
  const newer = toySaga(three, 2);

  it('goes on under the table that it was begun under', () => {
    const begun = new Toy(older).begin();
    const later = new Toy(newer, older);
    later.diary = begun.diary;
    const { log } = later.answer(DONE, 'do 1').answer(DONE, 'do 2');
    expect(log).toMatchObject({ status: 'COMPLETED', version: 1 });
  });

  it('is refused loudly where that table is missing', () => {
    const begun = new Toy(older).begin();
    const later = new Toy(newer);
    later.diary = begun.diary;
    expect(() => later.answer(DONE, 'do 1')).toThrow(Terminal);
    expect(() => later.clock()).toThrow(/version 1 of toy.*keep the older table/);
  });

  it('hears the answers to the asks of all its versions', () => {
    const all = sagas(newer, older);
    const heard = orchestrated(all, new Toy(newer, older).orchestrator).map(({ hears }) => hears.messageName);
    expect(heard).toEqual(expect.arrayContaining(['do 1', 'undo 1', 'do 3', 'undo 3', 'SagaClock', 'RetrySaga']));
    expect(new Set(heard).size).toBe(heard.length);
  });
});

describe('A table', () => {
  it('is refused when two steps have the same name', () => {
    const localStep = {
      emits: [],
      does: (subject: object) => ({ kind: 'decided', state: subject, effects: [] }) as const,
    };
    const twice = [step('a', localStep), step('a', localStep)];
    expect(() => saga('toy', 1, begins<object>(), twice)).toThrow(/has a twice/);
  });

  it('does not compile when a step needs what none before it has learned', () => {
    const needs = {
      emits: [],
      does: (s: object, _: { context: { paymentId: string } }) => ({ kind: 'decided', state: s, effects: [] }) as const,
    };
    // @ts-expect-error nobody has learned the paymentId
    expect(saga('toy', 1, begins<{ orderId: string }>(), [step('a', needs)]).steps).toHaveLength(1);
    expect(saga('toy', 1, begins<{ paymentId: string }>(), [step('a', needs)]).steps).toHaveLength(1);
  });
});
