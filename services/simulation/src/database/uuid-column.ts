import { isId, oneSpellingOf } from '@troupe/chassis/internal';

/** The value of a uuid column: PostgreSQL takes every spelling of an id for the same value. */
export const asUuid = (text: string): string => (isId(text) ? text : (oneSpellingOf(text) ?? text));

/** The same for the key of a row that contains such columns: `reservation/<order>`. */
export const asKey = (key: string): string => (isId(key) ? key : key.split('/').map(asUuid).join('/'));
