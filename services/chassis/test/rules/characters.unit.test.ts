import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { bounded, reason, text } from '../../src/http/input/fields.ts';
import { charactersIn, firstCharacters } from '../../src/rules/characters.ts';

const unicode = fc.string({ unit: 'grapheme', maxLength: 300 });

describe('the length of a text', () => {
  it('is counted in characters of Unicode, not in the units of a JavaScript string', () => {
    expect([charactersIn(''), charactersIn('abc'), charactersIn('😀'), charactersIn('é')]).toEqual([0, 3, 1, 1]);
  });

  it('is never above what a text is cut to, and no character is cut in two', () => {
    fc.assert(
      fc.property(unicode, fc.integer({ min: 0, max: 100 }), (whole, most) => {
        const cut = firstCharacters(whole, most);
        expect(charactersIn(cut)).toBe(Math.min(most, charactersIn(whole)));
        expect(whole.startsWith(cut) && cut.isWellFormed()).toBe(true);
      }),
    );
  });

  it.each([
    ['a text of a client', text(200)],
    ['any text', bounded(200)],
    ['the reason of a person', reason],
  ])('of %s is bounded as its JSON schema says', (_, schema) => {
    expect(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })).toMatchObject({
      minLength: 1,
      maxLength: 200,
    });
    expect(schema.safeParse('😀'.repeat(200)).success).toBe(true);
    const tooLong = schema.safeParse('😀'.repeat(201));
    expect(tooLong.error?.issues[0]?.message).toBe('must have at most 200 characters; you sent 201');
    expect(schema.safeParse('').success).toBe(false);
  });
});
