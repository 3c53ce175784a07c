import { describe, expect, it } from '@jest/globals';
import { MapPast, NOTED_EVERY_MS } from '../../src/api/map/past.ts';
import type { Stood } from '../../src/api/map/stood.ts';

const NIGHT = Date.parse('2026-11-30T02:00:00.000Z');
const QUARTER = 15 * 60_000;
const stood = (at: number): Stood => ({ at, services: [], waiting: new Map(), held: new Map() });

describe('How services stood', () => {
  it('is what was noted last before a moment', () => {
    const past = new MapPast();
    for (const after of [0, 5_000, 10_000]) past.note(stood(NIGHT + after));
    expect(past.at(NIGHT + 7_000)?.at).toBe(NIGHT + 5_000);
    expect(past.at(NIGHT + 10_000)?.at).toBe(NIGHT + 10_000);
  });

  it('is not known before the console was started, and while it stood still', () => {
    const past = new MapPast();
    expect([past.at(NIGHT), past.since]).toEqual([undefined, null]);
    past.note(stood(NIGHT));
    past.note(stood(NIGHT + 60_000));
    expect(past.since).toBe(NIGHT);
    expect(past.at(NIGHT - 1)).toBeUndefined();
    expect(past.at(NIGHT + 30_000)).toBeUndefined();
  });

  it('is kept for a quarter of an hour', () => {
    const past = new MapPast();
    for (let at = NIGHT; at <= NIGHT + 2 * QUARTER; at += NOTED_EVERY_MS) past.note(stood(at));
    expect(past.since).toBe(NIGHT + QUARTER + NOTED_EVERY_MS);
    expect(past.at(NIGHT + QUARTER)).toBeUndefined();
  });
});
