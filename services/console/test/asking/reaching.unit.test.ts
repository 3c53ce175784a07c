import { expect, it } from '@jest/globals';
import { Reaching } from '../../src/asking/reaching.ts';

it('a part that says nothing is away since the first time, and is not asked again beside what is still open', async () => {
  const reaching = new Reaching();
  let asked = 0;
  let answer: () => void = () => undefined;
  const work = () => {
    asked += 1;
    return new Promise<void>((resolve) => {
      answer = resolve;
    });
  };
  await reaching.attempt(10, work);
  const { awaySince, reason } = reaching.reached;
  expect(reason).toBe('no answer within 0.01 s');
  await reaching.attempt(10, work);
  expect([asked, reaching.reached.awaySince]).toEqual([1, awaySince]);
  answer();
  await new Promise((resolve) => setImmediate(resolve));
  const later = reaching.attempt(1_000, work);
  answer();
  await later;
  expect([asked, reaching.reached]).toEqual([2, { awaySince: null, reason: null }]);
});

it('a part that refuses is away, for its own reason', async () => {
  const reaching = new Reaching();
  await reaching.attempt(1_000, () => Promise.reject(new Error('it answers 500')));
  expect(reaching.reached).toMatchObject({ awaySince: expect.any(String), reason: 'it answers 500' });
});
