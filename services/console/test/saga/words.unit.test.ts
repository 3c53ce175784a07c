import { describe, expect, it } from '@jest/globals';
import { durationOf, figureOf, shortDurationOf } from '../../src/saga/words.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('A length of time', () => {
  // Its length, in a sentence, as a figure, and where there is room for six figures.
  it.each([
    [-5, '0 ms', '0 ms', '0 ms'],
    [0, '0 ms', '0 ms', '0 ms'],
    [171.4, '171 ms', '171 ms', '171 ms'],
    [999.6, '1 s', '1 s', '1 s'],
    [4_700, '4.7 s', '4.7 s', '4.7 s'],
    [9_960, '10 s', '10 s', '10 s'],
    [42_371, '42 s', '42.4 s', '42 s'],
    [59_960, '1 min', '1 min', '60 s'],
    [89_000, '1 min 29 s', '1 min 29 s', '89 s'],
    [101_000, '1 min 41 s', '1 min 41 s', '2 min'],
    [12 * MINUTE + 31_000, '12 min', '12 min', '13 min'],
    [HOUR - 400, '1 h', '1 h', '1 h'],
    [HOUR + 5 * MINUTE, '1 h 5 min', '1 h 5 min', '1 h'],
    [11 * HOUR + 5 * MINUTE, '11 h', '11 h', '11 h'],
    [2 * DAY + 7 * HOUR, '2 d 7 h', '2 d 7 h', '2 d'],
  ])('of %d ms', (ms, sentence, figure, short) => {
    expect([durationOf(ms), figureOf(ms), shortDurationOf(ms)]).toEqual([sentence, figure, short]);
  });
});
