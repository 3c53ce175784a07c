import { Terminal } from './failure.ts';
import { shown } from './fault-sentences.ts';

/** RFC 9562, section 4, in lower case, as RFC 9562 asks of whoever writes one. */
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Upper case, a URN, braces, hyphens elsewhere or none. PostgreSQL takes most of these for the same value. */
const ANY_SPELLING = /^(?:urn:uuid:)?\{?((?:[0-9a-f]-?){32})\}?$/i;

/**
 * The one spelling of ids in the system: a lower-case UUID with hyphens, of any version. Code compares ids as texts,
 * PostgreSQL compares values: with two spellings they would disagree.
 */
export const isId = (text: string): boolean => ID.test(text);

/** The one spelling of a UUID that is written in another; undefined for what is no UUID. */
export function oneSpellingOf(text: string): string | undefined {
  const hex = ANY_SPELLING.exec(text)?.[1]?.replaceAll('-', '').toLowerCase();
  return hex?.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/**
 * Refuses another spelling. It is not folded: other readers of the topic compare what was written.
 * @param where starts the sentence: `The record key`. @throws Terminal ID_SPELLING, or NOT_AN_ID for what is no UUID.
 */
export function requireOneSpelling(where: string, text: string): void {
  if (isId(text)) return;
  refuseOtherSpelling(where, text);
  throw new Terminal('NOT_AN_ID', `${where} is ${shown(text)}, which is no UUID. Mend its producer.`);
}

/** The same for what need not be an id. @throws Terminal ID_SPELLING */
export function refuseOtherSpelling(where: string, text: string): void {
  const id = isId(text) ? undefined : oneSpellingOf(text);
  if (id === undefined) return;
  throw new Terminal(
    'ID_SPELLING',
    `${where} is ${shown(text)}, another spelling of the id ${id}. Ids are lower-case UUIDs with hyphens: mend its producer.`,
  );
}
