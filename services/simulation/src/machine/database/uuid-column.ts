import { isId, oneSpellingOf } from '@troupe/chassis/internal';

/** What a column of the type uuid makes of a text: PostgreSQL takes every spelling of an id for the same value. */
export const asUuid = (text: string): string => (isId(text) ? text : (oneSpellingOf(text) ?? text));

/** The same for a key of a row, parts of which are such columns: `reservation/<order>`. */
export const asKey = (key: string): string => (isId(key) ? key : key.split('/').map(asUuid).join('/'));
