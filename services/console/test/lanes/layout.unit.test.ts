import { describe, expect, test } from '@jest/globals';
import { SAGAS } from '../../web/fixtures/sagas.ts';
import { layout } from '../../web/src/saga/layout/layout.ts';
import { guessWidth } from '../../web/src/saga/layout/text-width.ts';
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
