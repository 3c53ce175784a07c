/**
 * Control characters, halves of surrogate pairs, line separators, and what is not seen or turns the direction of writing:
 * any of them would let untrusted text move the cursor, forge a line or hide a part of one.
 */
const UNSAFE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/** Untrusted text, fit to be shown: unsafe characters become `\u{1b}`, and long text is cut. */
export function shown(text: string, max = 120): string {
  const safe = text.slice(0, max + 1).replace(UNSAFE, escaped);
  return cut(safe, max);
}

/** At most `max` characters, the last of them an ellipsis when something was cut off. */
export function cut(text: string, max: number): string {
  const characters = [...text];
  return characters.length <= max ? text : `${characters.slice(0, Math.max(max - 1, 0)).join('')}…`;
}

const escaped = (character: string): string => `\\u{${character.charCodeAt(0).toString(16)}}`;
