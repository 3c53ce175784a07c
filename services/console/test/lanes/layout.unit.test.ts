import { describe, expect, test } from '@jest/globals';
import { busyReader, SAGAS } from '../../web/fixtures/sagas.ts';
import { layout } from '../../web/src/saga/layout/layout.ts';
import { guessWidth } from '../../web/src/saga/layout/scene/text-width.ts';
import { faultsOf } from './faults.ts';

const options = {
  width: 1120,
  scale: 'squeezed',
  seams: true,
  readers: true,
  folded: [],
  measure: guessWidth,
} as const;

describe.each(Object.entries(SAGAS))('the drawing of %s', (_, detail) => {
  test.each([
    ['wide', options],
    ['beside the panel', { ...options, width: 760 }],
    ['with notification folded', { ...options, folded: ['notification'] }],
    ['without seams and readers', { ...options, seams: false, readers: false }],
    ['narrow', { ...options, width: 320 }],
  ])('%s: every mark once, nothing meets', (_name, given) => {
    expect(faultsOf(detail, layout(detail, given), given)).toEqual([]);
  });

  test('fits where the lanes have 1120 px', () => {
    expect(layout(detail, options).width).toBe(1120);
  });

  test('in true time: every mark once, and x by time', () => {
    const given = { ...options, scale: 'true' as const };
    expect(faultsOf(detail, layout(detail, given), given)).toEqual([]);
  });
});

test('what is read at once runs side by side: no hop is drawn over another', () => {
  const { bars, marks } = layout(busyReader, options);
  const [order] = marks.filter(({ service }) => service === 'order');
  const beside = bars.filter(({ y, height }) => y + height / 2 < (order?.y ?? 0) - 1 && y > 0 && y < (order?.y ?? 0));
  expect(new Set(beside.map(({ to }) => to)).size).toBe(1);
  for (const [index, one] of bars.entries())
    for (const other of bars.slice(index + 1))
      if (one.to !== other.to && one.x < other.x + other.width && other.x < one.x + one.width)
        expect(Math.min(one.y + one.height, other.y + other.height)).toBeLessThanOrEqual(Math.max(one.y, other.y));
});
