import { afterEach, describe, expect, it } from '@jest/globals';
import type { Log, Sql } from '@troupe/chassis';
import { Readiness } from '@troupe/chassis/internal';
import { Changes } from '../../src/reading/changes.ts';
import { OpenSagasFeed } from '../../src/reading/open-sagas.ts';

const LOOK_MS = 1;
const log = { warn: () => undefined } as unknown as Log;

/** A feed whose clock is turned by hand; how often it has read all that is open. */
function feedOf(isShared: () => boolean) {
  let [now, looks, reads] = [0, 0, 0];
  const state = { generation: 1, alive: false, started: 0, seen: 0, done: 0, of: 0 };
  const sql = {
    async $queryRawUnsafe(text: string) {
      if (!text.includes('generation')) return [];
      looks += 1;
      return [state];
    },
  } as unknown as Sql;
  const target = {
    reset() {
      reads += 1;
    },
    put: () => undefined,
  };
  const parts = { sql, changes: new Changes(), target, readiness: new Readiness(), log, isShared };
  const feed = new OpenSagasFeed({ ...parts, now: () => now, lookMs: LOOK_MS });
  return {
    feed,
    /** Reads that so many seconds bring. */
    async after(seconds: number): Promise<number> {
      const [before, from] = [reads, looks];
      now += seconds * 1_000;
      // A look may be under way that began before.
      while (looks < from + 3) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      return reads - before;
    },
  };
}

let running: OpenSagasFeed | undefined;
afterEach(() => running?.stop());
const started = async (isShared: () => boolean) => {
  const { feed, after } = feedOf(isShared);
  running = feed;
  feed.start();
  expect(await after(0)).toBe(1);
  return after;
};

describe('open sagas', () => {
  it('are read again after five minutes where one process reads alone', async () => {
    const after = await started(() => false);
    expect(await after(60)).toBe(0);
    expect(await after(241)).toBe(1);
  });

  it('are read again every few seconds while another process reads too, and once after it has left', async () => {
    let isShared = true;
    const after = await started(() => isShared);
    expect(await after(6)).toBe(1);
    expect(await after(6)).toBe(1);
    isShared = false;
    expect(await after(6)).toBe(1);
    expect(await after(6)).toBe(0);
  });
});
