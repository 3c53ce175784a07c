import { charactersIn } from './characters.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is its purpose
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** What neither PostgreSQL's text nor well-formed UTF-8 can hold; refused in every string of a request. */
export function unstorable(value: string): string | undefined {
  if (value.includes('\u0000')) return control(value);
  const at = value.search(LONE_SURROGATE);
  return at < 0
    ? undefined
    : `must be whole Unicode characters; the one at position ${at + 1} is half of a surrogate pair (${named(value, at)})`;
}

/** Control characters, which no line of text has. */
export function control(value: string): string | undefined {
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
