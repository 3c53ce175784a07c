/** PostgreSQL's text and JSON hold no NUL and no lone surrogate; both can be in what a stranger sent. */
export function storable<T extends string | null | undefined>(text: T): T {
  return (text === null || text === undefined ? text : text.toWellFormed().replaceAll('\u0000', '\ufffd')) as T;
}

/** The beginning of a text, in a form that PostgreSQL takes. */
export function short<T extends string | null | undefined>(text: T, length: number): T {
  return storable((text === null || text === undefined ? text : text.slice(0, length)) as T);
}
