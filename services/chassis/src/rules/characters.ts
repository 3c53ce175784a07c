/** How long a text is: in characters as Unicode counts them (code points), as JSON Schema's `maxLength` does. */
export function charactersIn(text: string): number {
  let characters = 0;
  for (const _ of text) characters += 1;
  return characters;
}

/** The beginning of a text. Never cuts a character in two: half of one is no text that can be stored. */
export function firstCharacters(text: string, most: number): string {
  // A character takes two units at most, so what lies behind need not be looked at.
  return text.length <= most ? text : [...text.slice(0, 2 * most)].slice(0, most).join('');
}

/** As much as is kept of what somebody else says. */
const LONGEST_SAYING = 200;

/** What somebody else says, as it may be stored, sent and shown: at most 200 characters, none of them a control character. */
export function saying(text: string): string {
  return firstCharacters(text.slice(0, 4 * LONGEST_SAYING).replace(/[\p{Cc}\p{Cs}]/gu, ' '), LONGEST_SAYING);
}
