import { describe, expect, it } from '@jest/globals';
import type { StepState, TrailMark } from '../../src/contract/saga.ts';
import { layTrail, TRAIL_WIDTH } from '../../web/src/parts/marks/trail-layout.ts';

const SERVICES = ['order', 'payment', 'inventory', 'shipping', 'order', 'loyalty', 'notification'];
const there = (...states: StepState[]): readonly TrailMark[] =>
  states.map((state, at) => ({ service: SERVICES[at] as string, state }));
const places = (marks: readonly { readonly service: string; readonly x: number; readonly y: number }[]) =>
  marks.map(({ service, x, y }) => `${service} ${x},${y}`);

describe('A trail', () => {
  it('that goes there has one rail, dotted from what has not happened', () => {
    const { marks, lines } = layTrail(there('done', 'overdue', 'expected', 'expected', 'expected'), []);
    expect(marks.map(({ x, y }) => [x, y])).toEqual([8, 36, 64, 92, 120].map((x) => [x, 11]));
    expect(lines.map(({ kind }) => kind)).toEqual(['there', 'dotted', 'dotted', 'dotted']);
  });
  it('that comes back has each undo below what its service did there', () => {
    const { marks } = layTrail(there('undone', 'undone', 'undone', 'refused'), [
      { service: 'inventory', state: 'undo-done' },
      { service: 'payment', state: 'undo-done' },
      { service: 'order', state: 'undo-done' },
    ]);
    expect(places(marks.slice(4))).toEqual(['inventory 64,16', 'payment 36,16', 'order 8,16']);
  });
  it('whose undos came in another order keeps the lower rail whole', () => {
    const { lines } = layTrail(there('undone', 'undone', 'undone'), [
      { service: 'order', state: 'undo-done' },
      { service: 'inventory', state: 'undo-expected' },
      { service: 'payment', state: 'undo-done' },
    ]);
    expect(lines.slice(2)).toEqual([
      { d: 'M59.4 16H40.6', kind: 'back' },
      { d: 'M31.4 16H12.6', kind: 'back' },
    ]);
  });
  it('never puts two marks in one place, and stays within its width, however many services there are', () => {
    const { marks } = layTrail(there('undone', 'undone', 'undone', 'undone', 'undone', 'undone', 'refused'), [
      { service: 'loyalty', state: 'undo-done' },
      { service: 'stranger', state: 'undo-done' },
      { service: 'order', state: 'undo-done' },
      { service: 'order', state: 'undo-expected' },
    ]);
    expect(new Set(marks.map(({ x, y }) => `${x},${y}`)).size).toBe(marks.length);
    expect(Math.max(...marks.map(({ x }) => x))).toBeLessThanOrEqual(TRAIL_WIDTH - 8);
  });
  it('of nothing is nothing', () => {
    expect(layTrail([], [])).toEqual({ marks: [], lines: [] });
  });
});
