import { describe, expect, it } from '@jest/globals';
import { WakeablePause } from '../../src/process/wakeable-pause.ts';

/** A clock that somebody moves on. */
function clock() {
  const waiting = new Set<() => void>();
  const pause = new WakeablePause({
    after: (_ms, work) => {
      waiting.add(work);
      return () => waiting.delete(work);
    },
  });
  return { pause, waiting };
}

describe('the pause between two looks', () => {
  it('ends when its time is over', async () => {
    const { pause, waiting } = clock();
    pause.lookBegins();
    const over = pause.wait(1_000);
    for (const work of waiting) work();
    await expect(over).resolves.toBeUndefined();
  });

  it('ends when somebody wakes it, and waits for nothing more', async () => {
    const { pause, waiting } = clock();
    pause.lookBegins();
    const over = pause.wait(1_000);
    pause.wake();
    await expect(over).resolves.toBeUndefined();
    expect(waiting.size).toBe(0);
  });

  it('is left out when somebody woke it during the look, but not when that was before the look', async () => {
    const { pause, waiting } = clock();
    pause.lookBegins();
    pause.wake();
    const leftOut = pause.wait(1_000);
    expect(waiting.size).toBe(0);
    await leftOut;
    pause.lookBegins();
    const over = pause.wait(1_000);
    expect(waiting.size).toBe(1);
    pause.wake();
    await over;
  });
});
