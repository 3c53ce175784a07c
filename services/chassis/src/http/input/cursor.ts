import { z } from 'zod';

interface PageSize {
  readonly usually: number;
  readonly most: number;
}

const MESSAGE = 'is not a cursor of this list; send the nextCursor of the page before, or leave it out';

/**
 * The pages of one list. A cursor hides the list and the key of the last row of the page before; a made-up one is
 * refused.
 * @param name Of the list, the same in every version of the service, without a space.
 * @param isKey Whether a text can be a key of a row: nothing else reaches a query.
 */
export function pagesOf(name: string, isKey: (key: string) => boolean, size: Partial<PageSize> = {}) {
  const { usually = 20, most = 100 } = size;
  const before = `${name} `;
  const cursorOf = (last: string): string => Buffer.from(before + last, 'utf8').toString('base64url');

  function lastOf(cursor: string): string | undefined {
    const text = Buffer.from(cursor, 'base64url').toString('utf8');
    const last = text.slice(before.length);
    return text.startsWith(before) && isKey(last) && cursorOf(last) === cursor ? last : undefined;
  }

  return {
    /** The query of the list: how many, and from where on. `cursor` comes out as the key that it hides. */
    query: {
      limit: z.coerce.number().int().min(1).max(most).default(usually),
      cursor: z
        .string()
        .transform((cursor, context) => {
          const last = lastOf(cursor);
          if (last === undefined) context.addIssue({ code: 'custom', message: MESSAGE });
          return last ?? z.NEVER;
        })
        .optional()
        .describe('`nextCursor` of the page before.'),
    },
    cursorOf,
    /** A page out of one row more than it has room for: that one only shows that there is a next page. */
    pageOf<Row>(rows: readonly Row[], limit: number, keyOf: (row: Row) => string) {
      const items = rows.slice(0, limit);
      const last = items.at(-1);
      return { items, nextCursor: rows.length > limit && last !== undefined ? cursorOf(keyOf(last)) : null };
    },
  };
}

/** A list of which `nextCursor` asks for the next page. */
export const pageView = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });
