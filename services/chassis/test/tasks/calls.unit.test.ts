import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Readiness } from '../../src/process/readiness.ts';
import { Retryable } from '../../src/rules/failure.ts';
import { call } from '../../src/rules/messages.ts';
import { Refused } from '../../src/rules/refused.ts';
import type { TaskRow } from '../../src/tables/tasks.ts';
import { Calls } from '../../src/tasks/calls.ts';
import { metrics } from '../../src/telemetry/metrics.ts';

const Charge = call('Charge', ({ orderId }: { orderId: string }) => orderId);
/** What is answered with a value is done, here. */
const done = {
  refused: ({ code, detail }: Refused) => ({ refused: `${code}: ${detail}` }),
  byHand: { lookFirst: '', outcome: (words: string) => ({ refused: words }) },
};
const task: TaskRow = {
  id: '1',
  kind: 'call',
  name: 'Charge',
  key: 'order-1',
  data: { orderId: 'order-1' },
  correlationId: 'order-1',
  causationId: '1',
  depth: 1,
  trace: {},
  attempts: 1,
};

describe('calls to a side that answers nobody', () => {
  const readiness = new Readiness();
  let away = true;
  let asked = 0;
  const calls = new Calls(
    [
      {
        call: Charge,
        ...done,
        async perform() {
          asked += 1;
          if (away) throw new Retryable('NO_ANSWER', 'The payment provider gave no answer.');
          return 'yes';
        },
      },
    ],
    readiness,
  );
  const perform = () => calls.perform(task).catch((error: unknown) => error);

  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('rest after ten in a row, which is told; one tries again after a while, and all go on when it is answered', async () => {
    for (let at = 0; at < 10; at += 1) await perform();
    expect(readiness.reasons).toEqual({
      Charge: expect.stringMatching(/10 calls of Charge in a row had no answer \(The payment provider gave no answer/),
    });
    expect(calls).toMatchObject({ resting: ['Charge'], mayTry: false });
    expect(calls.waitsForAnswers('Charge', await perform())).toBe(true);
    expect(asked).toBe(10);

    jest.advanceTimersByTime(5_000);
    expect(calls).toMatchObject({ resting: [], mayTry: true });
    const trying = perform();
    expect(calls).toMatchObject({ resting: ['Charge'], mayTry: false });
    await trying;
    expect(asked).toBe(11);
    expect(readiness.ready).toBe(false);

    jest.advanceTimersByTime(5_000);
    away = false;
    expect(await perform()).toMatchObject({ outcome: 'yes' });
    expect(calls).toMatchObject({ resting: [], mayTry: false });
    expect(calls.waitsForAnswers('Charge', new Error('a failure of this call alone'))).toBe(false);
    expect(readiness.ready).toBe(true);
  });
});

describe('calls of one participant', () => {
  const Refund = call('Refund', ({ orderId }: { orderId: string }) => orderId);
  const Book = call('Book', ({ orderId }: { orderId: string }) => orderId);
  const of = (name: string, at = 1): TaskRow => ({ ...task, id: String(at), name });
  const nobody = async (): Promise<never> => {
    throw new Retryable('NO_ANSWER', 'There was no answer.');
  };

  it('share a circuit: when it is open, all of them rest, and those of others do not; a metric says so', async () => {
    const readiness = new Readiness();
    const ports = [
      { ...done, call: Charge, participant: 'payment', perform: nobody },
      { ...done, call: Refund, participant: 'payment', perform: async () => 'yes' },
      { ...done, call: Book, participant: 'shipping', perform: async () => 'yes' },
    ];
    const calls = new Calls(ports, readiness);
    const metric = (name: string) =>
      metrics.getSingleMetricAsString('troupe_circuit_open').then((all) => all.includes(`participant="${name}"} 1`));
    for (let at = 0; at < 10; at += 1) await calls.perform(of('Charge', at)).catch(() => undefined);
    expect(calls.resting).toEqual(['Charge', 'Refund']);
    expect(await calls.perform(of('Book'))).toMatchObject({ outcome: 'yes' });
    expect(Object.keys(readiness.reasons)).toEqual(['payment']);
    expect([await metric('payment'), await metric('shipping')]).toEqual([true, false]);
  });

  it('have so many places and no more: a participant that hangs takes no place of another, and closes no circuit', async () => {
    const go: (() => void)[] = [];
    const hangs = () => new Promise<string>((resolve) => go.push(() => resolve('late')));
    const ports = [
      { ...done, call: Charge, participant: 'payment', perform: hangs },
      { ...done, call: Book, participant: 'shipping', perform: async () => 'yes' },
    ];
    const calls = new Calls(ports, new Readiness());
    const all = Array.from({ length: 128 }, (_, at) => calls.perform(of('Charge', at)));
    await Promise.resolve();
    expect(calls.resting).toEqual(['Charge']);
    const crowded = calls.perform(of('Charge', 129));
    expect(go).toHaveLength(128);
    expect(await calls.perform(of('Book'))).toMatchObject({ outcome: 'yes' });
    const capacity = calls.capacity();
    expect([capacity.take('Charge'), capacity.take('Book')]).toEqual([false, true]);
    for (const answer of go.splice(0)) answer();
    await Promise.all(all);
    expect(go).toHaveLength(1);
    for (const answer of go.splice(0)) answer();
    expect(await crowded).toMatchObject({ outcome: 'late' });
    expect(calls).toMatchObject({ resting: [], mayTry: false });
  });

  it('are given the places of their participant, whichever of its calls they are, until none is left', () => {
    const ports = [
      { ...done, call: Charge, participant: 'payment', perform: nobody },
      { ...done, call: Refund, participant: 'payment', perform: nobody },
      { ...done, call: Book, participant: 'shipping', perform: nobody },
    ];
    const calls = new Calls(ports, new Readiness());
    const capacity = calls.capacity();
    const taken = (name: string, count: number) =>
      Array.from({ length: count }, () => capacity.take(name)).filter(Boolean).length;
    expect([taken('Charge', 100), taken('Refund', 100), taken('Book', 200)]).toEqual([100, 28, 128]);
    expect(calls.capacity().take('Refund')).toBe(true);
    expect(calls.room).toBe(128);
  });

  it('have no place while they rest, and leave the room to the others', async () => {
    const ports = [
      { ...done, call: Charge, perform: nobody },
      { ...done, call: Book, perform: async () => 'yes' },
    ];
    const calls = new Calls(ports, new Readiness());
    for (let at = 0; at < 10; at += 1) await calls.perform(of('Charge', at)).catch(() => undefined);
    const capacity = calls.capacity();
    expect([capacity.take('Charge'), capacity.take('Book'), calls.room]).toEqual([false, true, 128]);
  });
});

describe('a refusal for good', () => {
  const refusing = async () => new Refused({ status: 400, code: 'invalid_request', detail: 'No such token.' });
  const of = (at: number, name = 'Charge'): TaskRow => ({ ...task, id: String(at), name });

  it('is an answer: it leads to what its port makes of it', async () => {
    const calls = new Calls([{ ...done, call: Charge, perform: refusing }], new Readiness());
    expect(await calls.perform(task)).toMatchObject({ outcome: { refused: 'invalid_request: No such token.' } });
  });

  it('speaks against nobody: twenty in a row open no circuit, and they end a row of calls without an answer', async () => {
    const readiness = new Readiness();
    let refuses = true;
    const either = async () => {
      if (refuses) return refusing();
      throw new Retryable('NO_ANSWER', 'There was no answer.');
    };
    const calls = new Calls([{ ...done, call: Charge, perform: either }], readiness);
    for (let at = 0; at < 20; at += 1) await calls.perform(of(at));
    expect([calls.resting, readiness.reasons]).toEqual([[], {}]);
    refuses = false;
    for (let at = 0; at < 9; at += 1) await calls.perform(of(at)).catch(() => undefined);
    refuses = true;
    await calls.perform(of(9));
    refuses = false;
    for (let at = 0; at < 9; at += 1) await calls.perform(of(at)).catch(() => undefined);
    expect(calls.resting).toEqual([]);
    await calls.perform(of(10)).catch(() => undefined);
    expect(calls.resting).toEqual(['Charge']);
  });

  it('is counted, by its status', async () => {
    const calls = new Calls([{ ...done, call: Charge, perform: refusing }], new Readiness());
    await calls.perform(task);
    expect(await metrics.getSingleMetricAsString('troupe_calls_refused_total')).toMatch(
      /troupe_calls_refused_total\{call="Charge",status="400"\} \d+/,
    );
  });
});
