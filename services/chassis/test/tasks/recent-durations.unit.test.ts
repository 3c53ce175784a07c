import { expect, it } from '@jest/globals';
import { RecentDurations } from '../../src/tasks/recent-durations.ts';

it('knows the median of the last minute, of the latest 128, and none without any', () => {
  const durations = new RecentDurations();
  expect(durations.median(0)).toBeNull();
  for (const ms of [30, 10, 20]) durations.add(ms, 1_000);
  expect(durations.median(2_000)).toBe(20);
  expect(durations.median(61_001)).toBeNull();
  for (let at = 0; at < 128; at += 1) durations.add(5, 2_000);
  expect(durations.median(2_000)).toBe(5);
});
