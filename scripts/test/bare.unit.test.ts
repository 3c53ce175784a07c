import { describe, expect, it } from '@jest/globals';
import { Queue } from '../peers/bare/queue.ts';

describe('the queue of the bare choreography', () => {
  function recording() {
    const batches: (readonly number[])[] = [];
    const settle: (() => void)[] = [];
    const commit: (() => void)[] = [];
    const queue = new Queue<number>(async (batch) => {
      batches.push(batch);
      await new Promise<void>((done) => commit.push(done));
      return { settled: new Promise<void>((done) => settle.push(done)) };
    });
    const turn = () => new Promise(setImmediate);
    return { batches, settle, commit, queue, turn };
  }

  it('makes one batch of what has arrived, and of what comes meanwhile the next', async () => {
    const { batches, commit, queue, turn } = recording();
    for (const item of [1, 2]) void queue.push(item);
    await turn();
    for (const item of [3, 4]) void queue.push(item);
    await turn();
    expect(batches).toEqual([[1, 2]]);
    commit[0]?.();
    await turn();
    await turn();
    expect(batches).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('begins the next batch when one is committed, and says that an item is done when its batch is published', async () => {
    const { batches, commit, settle, queue, turn } = recording();
    let isDone = false;
    void queue.push(1).then(() => (isDone = true));
    await turn();
    commit[0]?.();
    await turn();
    void queue.push(2);
    await turn();
    expect([batches.length, isDone]).toEqual([2, false]);
    settle[0]?.();
    await turn();
    expect(isDone).toBe(true);
  });

  it('takes five hundred at a time', async () => {
    const { batches, commit, queue, turn } = recording();
    for (let item = 0; item < 501; item++) void queue.push(item);
    await turn();
    commit[0]?.();
    await turn();
    await turn();
    expect(batches.map(({ length }) => length)).toEqual([500, 1]);
  });
});
