import { describe, expect, it } from '@jest/globals';
import { Level, MINUTES } from '../../src/api/overview/levels.ts';
import { Changes } from '../../src/reading/changes.ts';
import { ReadingMeter } from '../../src/reading/meter.ts';
import { sagasInRows } from '../reading/rows.ts';

describe('a level over the last half hour', () => {
  it('has a bar for each minute, as it stood at its end; one that nobody looked at is as the one before', () => {
    const level = new Level();
    level.is(3, 0);
    level.is(5, 59_000);
    level.is(7, 60_000);
    level.is(9, 4 * 60_000);
    expect(level.bars.slice(-5)).toEqual([5, 7, 7, 7, 9]);
    expect(level.bars).toHaveLength(MINUTES);
    expect(level.change).toBe(2);
    level.is(1, 400 * 60_000);
    expect(level.bars).toHaveLength(MINUTES);
    expect(level.bars.at(-1)).toBe(1);
  });
});

describe('how far the console reads', () => {
  it('is the records between what was taken and the ends, whatever was committed', () => {
    const changes = new Changes();
    const meter = new ReadingMeter(changes, () => 0);
    const records = sagasInRows(1, 1).filter(({ topic }) => topic === 'order.events');
    changes.committed({ sagas: [], records });
    const { partition = 0 } = records[0] ?? {};
    const behind = (end: string, committed?: string) =>
      meter.behind([{ topic: 'order.events', partition, end, committed }]);
    expect(behind(String(records.length))).toBe(0);
    expect(behind(String(records.length + 4))).toBe(4);
    expect(behind(String(records.length + 4), String(records.length + 3))).toBe(1);
    expect(behind('0', '5')).toBe(0);
  });
});
