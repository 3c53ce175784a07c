import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { HandledOffsets, type Position } from '../../../src/kafka/consumer/handled-offsets.ts';
import { OffsetCommitter } from '../../../src/kafka/consumer/offset-committer.ts';

function committerOf(offsets: HandledOffsets) {
  const commits: { positions: readonly Position[]; answer(error?: Error): void }[] = [];
  const failures: unknown[] = [];
  const committer = new OffsetCommitter(offsets, {
    commit: (positions) =>
      new Promise((resolve, reject) => {
        commits.push({ positions, answer: (error) => (error === undefined ? resolve() : reject(error)) });
      }),
    failed: (error) => failures.push(error),
  });
  return { committer, commits, failures };
}

describe('committing offsets', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('makes one commit for many batches of many partitions', async () => {
    const offsets = new HandledOffsets();
    const { committer, commits } = committerOf(offsets);
    for (const [partition, next] of [
      [0, '1'],
      [1, '7'],
      [0, '2'],
      [0, '3'],
    ] as const) {
      offsets.push('t', partition, next)();
      committer.soon();
    }
    await jest.advanceTimersByTimeAsync(1_000);
    expect(commits.map(({ positions }) => positions)).toEqual([
      [
        { topic: 't', partition: 0, offset: '3' },
        { topic: 't', partition: 1, offset: '7' },
      ],
    ]);
  });

  it('never has two commits on their way', async () => {
    const offsets = new HandledOffsets();
    const { committer, commits } = committerOf(offsets);
    offsets.push('t', 0, '1')();
    void committer.now();
    await jest.advanceTimersByTimeAsync(0);
    offsets.push('t', 0, '2')();
    void committer.now();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(commits).toHaveLength(1);
    commits[0]?.answer();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(commits).toHaveLength(2);
    expect(commits[1]?.positions).toEqual([{ topic: 't', partition: 0, offset: '2' }]);
  });

  it('repeats a commit that failed', async () => {
    const offsets = new HandledOffsets();
    const { committer, commits, failures } = committerOf(offsets);
    offsets.push('t', 0, '1')();
    void committer.now();
    await jest.advanceTimersByTimeAsync(0);
    commits[0]?.answer(new Error('the coordinator moved'));
    await jest.advanceTimersByTimeAsync(1_000);
    expect(failures).toHaveLength(1);
    expect(commits[1]?.positions).toEqual([{ topic: 't', partition: 0, offset: '1' }]);
  });

  it('commits nothing for partitions that belong to others now', async () => {
    const offsets = new HandledOffsets();
    const { committer, commits } = committerOf(offsets);
    const done = offsets.push('t', 0, '1');
    committer.close();
    done();
    committer.soon();
    await committer.now();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(commits).toEqual([]);
  });
});
