import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Calls } from '../src/calls.ts';
import { Retryable } from '../src/failure.ts';
import { call } from '../src/messages.ts';
import { Readiness } from '../src/readiness.ts';
import type { TaskRow } from '../src/store/tasks.ts';

const Charge = call('Charge', ({ orderId }: { orderId: string }) => orderId);
const task: TaskRow = {
  ...{ id: '1', kind: 'call', name: 'Charge', key: 'order-1', data: { orderId: 'order-1' } },
  ...{ correlationId: 'order-1', causationId: '1', trace: {}, attempts: 1 },
};

describe('calls to a side that answers nobody', () => {
  const readiness = new Readiness();
  let away = true;
  let asked = 0;
  const calls = new Calls(
    [
      {
        call: Charge,
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
