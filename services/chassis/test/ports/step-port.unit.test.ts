import { describe, expect, it } from '@jest/globals';
import { stepPort } from '../../src/ports/step-port.ts';
import { Retryable } from '../../src/rules/failure.ts';
import { call } from '../../src/rules/messages.ts';
import { Refused } from '../../src/rules/refused.ts';
import type { StepAnswer, Tried } from '../../src/rules/saga/definition.ts';
import { outcomeOf } from '../../src/testing/outcome.ts';

interface Asked {
  readonly id: string;
}
const RemoteStep = call<'Ask', Asked, Tried<StepAnswer>>('Ask', ({ id }) => id);
const limits = { timeoutMs: 1_000, attempts: 3, withinMs: 30_000 };
const port = (answer: () => Promise<StepAnswer | Refused>) =>
  stepPort<unknown, Asked>({ call: RemoteStep, limits, request: () => ({ id: '1' }) }, 'payment', answer);
const at = (attempt: number) => ({
  idempotencyKey: 'Ask/1',
  causationId: 'step-1',
  depth: 1,
  attempt,
  signal: new AbortController().signal,
  headers: {},
});

describe('what is asked of a participant', () => {
  it('and refused was not done, and will not be', async () => {
    const refusing = port(async () => new Refused({ code: 'OUT_OF_STOCK', detail: 'None is left.' }));
    expect(await outcomeOf(refusing, { id: '1' }, at(1))).toEqual({
      kind: 'refused',
      code: 'OUT_OF_STOCK',
      detail: 'None is left.',
      attempts: 1,
    });
  });

  it('and refused behind an attempt without an answer, or behind a part that was taken, may have been done', async () => {
    const late = port(async () => new Refused({ code: 'HTTP_401', detail: 'The key has expired.' }));
    const half = port(async () => new Refused({ code: 'HTTP_401', detail: 'The key has expired.', mayBeDone: true }));
    const refused = { kind: 'refused', code: 'HTTP_401', detail: 'The key has expired.', mayBeDone: true };
    expect(await outcomeOf(late, { id: '1' }, at(2))).toEqual({ ...refused, attempts: 2 });
    expect(await outcomeOf(half, { id: '1' }, at(1))).toEqual({ ...refused, attempts: 1 });
  });

  it('and not answered is asked again; the last of its attempts is itself an answer: nobody knows', async () => {
    const silent = port(() => Promise.reject(new Retryable('NO_ANSWER', 'No answer.')));
    await expect(outcomeOf(silent, { id: '1' }, at(2))).rejects.toBeInstanceOf(Retryable);
    expect(await outcomeOf(silent, { id: '1' }, at(3))).toEqual({
      kind: 'unanswered',
      detail: 'No answer.',
      attempts: 3,
    });
  });

  it("and ended by a person is unanswered, in that person's words: it may have been done", () => {
    const { byHand } = port(() => Promise.reject(new Error('nobody asks')));
    expect(byHand.outcome('It is down for the day.', { attempts: 5 })).toEqual({
      kind: 'unanswered',
      detail: 'It is down for the day.',
      attempts: 5,
    });
    expect(byHand.lookFirst).toContain('Ask the participant first');
  });
});
