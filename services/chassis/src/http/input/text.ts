import { z } from 'zod';
import { charactersIn } from '../../rules/characters.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is its purpose
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * One line of text from a client: 1 to `max` characters (code points), none of them a control character. Whatever
 * else Unicode has, such as emoji and right-to-left scripts, is welcome; nothing is trimmed or changed.
 */
export function text(max: number): z.ZodString {
  return z
    .string()
    .superRefine((value, context) => {
      const message = emptyOrTooLong(value, max) ?? unstorable(value) ?? control(value);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    })
    .meta({ minLength: 1, maxLength: max });
}

/**
 * Any text of `min` to `max` characters (code points). zod's own `max` counts the units of a JavaScript string, of which an emoji
 * has two, and says `maxLength` of it, which counts code points: a client that goes by the document would be refused.
 */
export function bounded(max: number, min: 0 | 1 = 1): z.ZodString {
  return z
    .string()
    .superRefine((value, context) => {
      const message = value === '' && min === 0 ? undefined : emptyOrTooLong(value, max);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    })
    .meta({ minLength: min, maxLength: max });
}

/** What neither PostgreSQL's text nor well-formed UTF-8 can hold; refused in every string of a request. */
export function unstorable(value: string): string | undefined {
  if (value.includes('\u0000')) return control(value);
  const at = value.search(LONE_SURROGATE);
  return at < 0
    ? undefined
    : `must be whole Unicode characters; the one at position ${at + 1} is half of a surrogate pair (${named(value, at)})`;
}

function control(value: string): string | undefined {
  const at = value.search(CONTROL);
  return at < 0 ? undefined : `must not hold control characters; remove the ${named(value, at)} at position ${at + 1}`;
}

export function emptyOrTooLong(value: string, max: number): string | undefined {
  if (value === '') return 'must not be empty';
  if (value.length <= max) return undefined;
  const characters = charactersIn(value);
  return characters <= max ? undefined : `must have at most ${max} characters; you sent ${characters}`;
}

function named(value: string, at: number): string {
  const code = value.charCodeAt(at);
  return `${code === 0 ? 'NUL, ' : ''}U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
