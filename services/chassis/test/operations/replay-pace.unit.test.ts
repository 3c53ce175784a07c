import { describe, expect, it } from '@jest/globals';
import { Pace } from '../../src/operations/dead-letters/pace.ts';

/** Messages that were handled in `seconds`, when handling a turn takes `busyMs`. */
function handledIn(seconds: number, ratePerSecond: number, busyMs: number): number[] {
  let now = 5_000;
  const end = now + seconds * 1_000;
  const pace = new Pace(ratePerSecond, () => now);
  const times: number[] = [];
  while (now < end) {
    pace.begin(pace.turn);
    times.push(...Array.from({ length: pace.turn }, () => now));
    now += busyMs;
    now += pace.waitMs;
  }
  return times;
}

describe('the pace of a replay', () => {
  it.each([1, 7, 200, 1_000])('is %d messages a second, spread over it', (rate) => {
    const times = handledIn(10, rate, 3);
    expect(times.length).toBe(rate * 10);
    const most = Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length));
    expect(most).toBeLessThanOrEqual(rate);
  });

  it('makes up for no lost time: after a standstill there is no burst', () => {
    let now = 0;
    const pace = new Pace(100, () => now);
    pace.begin(25);
    now += 60_000;
    pace.begin(25);
    expect(pace.waitMs).toBe(250);
  });
});
