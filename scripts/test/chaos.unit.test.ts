import { describe, expect, it } from '@jest/globals';
import { Dice } from '../src/attacks/chaos/dice.ts';

const drawn = (dice: Dice) => [dice.next(), dice.between(1, 6), dice.chance(0.5), dice.some([1, 2, 3, 4], 2)];

describe('the dice of chaos', () => {
  it('draw the same again for the same seed, and something else for another', () => {
    expect(drawn(new Dice(7))).toEqual(drawn(new Dice(7)));
    expect(drawn(new Dice(7))).not.toEqual(drawn(new Dice(8)));
  });

  it('draw every number of a range, and no other', () => {
    const dice = new Dice(1);
    const seen = new Set(Array.from({ length: 500 }, () => dice.between(1, 6)));
    expect([...seen].sort()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('draw some of a list, none of them twice', () => {
    const dice = new Dice(1);
    for (let n = 0; n < 100; n += 1) expect(new Set(dice.some(['a', 'b', 'c'], 3)).size).toBe(3);
    expect(dice.some(['a'], 3)).toEqual(['a']);
  });
});
