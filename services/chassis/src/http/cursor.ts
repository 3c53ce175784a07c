import { z } from 'zod';

/** The query of a list: how many, and from where on. `pattern` is of what the cursors of this list hide. */
export function paged(pattern: RegExp) {
  const message = 'is not a cursor of this list; send the nextCursor of the page before, or leave it out';
  return {
    limit: z.coerce.number().int().min(1).max(100).default(20),
    cursor: z
      .string()
      .refine((cursor) => lastOf(cursor, pattern) !== undefined, message)
      .optional()
      .describe('`nextCursor` of the page before.'),
  };
}

/** What a cursor hides: the key of the last row of the page before. Undefined when it is not a cursor. */
export function lastOf(cursor: string, pattern: RegExp): string | undefined {
  const last = Buffer.from(cursor, 'base64url').toString('utf8');
  return pattern.test(last) && cursorOf(last) === cursor ? last : undefined;
}

/** A page out of one row more than it has room for: that one only shows that there is a next page. */
export function pageOf<Row>(rows: readonly Row[], limit: number, keyOf: (row: Row) => string) {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? cursorOf(keyOf(last)) : null };
}

/** Hides the key of the last row of a page. */
export const cursorOf = (last: string): string => Buffer.from(last, 'utf8').toString('base64url');
