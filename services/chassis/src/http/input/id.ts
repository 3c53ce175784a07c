import { z } from 'zod';

/**
 * An id in a path, a query or a body: a UUID with hyphens, of any version. Upper case is folded, since people paste ids from
 * everywhere; what a handler gets is the one spelling that ids have in code, on topics and in databases.
 */
export const id = z.guid().toLowerCase();
