import { describe, expect, it } from '@jest/globals';
import { Coalescer } from '../../src/tasks/coalescer.ts';

/** Calls that end when they are told to, on a clock that somebody moves on. */
function calls(count: number) {
  const timers = new Set<() => void>();
  const coalescer = new Coalescer({
    after: (_ms, work) => {
      timers.add(work);
      return () => timers.delete(work);
    },
  });
  const gone: number[] = [];
  const ends = Array.from({ length: count }, (_, at) => {
    const { promise, resolve, reject } = withResolvers();
    const answered = coalescer.gather(() => promise);
    answered.then(
      () => gone.push(at),
      () => gone.push(-at),
    );
    return { answer: resolve, fail: reject };
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return {
    gone,
    timers,
    answer: async (at: number) => {
      ends[at]?.answer();
      await turn();
    },
    fail: async (at: number) => {
      ends[at]?.fail(new Error('no answer'));
      await turn();
    },
  };
}

describe('answers of calls', () => {
  it('wait for nobody when few calls are under way', async () => {
    const { gone, answer } = calls(4);
    await answer(2);
    expect(gone).toEqual([2]);
  });

  it('wait until a quarter of those under way is there, and go on together', async () => {
    const { gone, answer, timers } = calls(12);
    await answer(0);
    await answer(1);
    expect(gone).toEqual([]);
    await answer(2);
    expect(gone).toEqual([0, 1, 2]);
    expect(timers.size).toBe(0);
  });

  it('do not count any more when they have gone on', async () => {
    const { gone, answer } = calls(5);
    await answer(0);
    await answer(1);
    expect(gone).toEqual([0, 1]);
    await answer(2);
    expect(gone).toEqual([0, 1, 2]);
  });

  it('go on after a while, whatever else hangs', async () => {
    const { gone, answer, timers } = calls(100);
    await answer(7);
    expect(gone).toEqual([]);
    for (const work of timers) work();
    await answer(8);
    expect(gone).toEqual([7]);
    expect(timers.size).toBe(1);
  });

  it('go on when calls without an answer have left few enough', async () => {
    const { gone, answer, fail } = calls(5);
    await answer(0);
    expect(gone).toEqual([]);
    await fail(4);
    expect(new Set(gone)).toEqual(new Set([-4, 0]));
  });
});

function withResolvers() {
  let resolve: () => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<void>((fulfil, refuse) => {
    resolve = fulfil;
    reject = refuse;
  });
  return { promise, resolve, reject };
}
