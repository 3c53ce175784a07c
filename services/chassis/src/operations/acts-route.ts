import { z } from 'zod';
import { pagesOf, pageView } from '../http/input/cursor.ts';
import { bounded } from '../http/input/fields.ts';
import { get, type QueryRoute } from '../http/route.ts';
import type { Sql } from '../rules/database.ts';
import { isId } from '../rules/id-spelling.ts';
import { pageOfActs } from '../tables/operator-acts.ts';

const pages = pagesOf('operator-acts', isId);
const name = bounded(200).optional();

export const actView = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  operator: z.string(),
  act: z.string(),
  target: z.string(),
  reason: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()),
});

export function actsRoute(database: Sql): QueryRoute {
  return get('/operator-acts', {
    summary: 'The audit trail: who did what by hand, and when, newest first',
    query: z.object({ ...pages.query, target: name, act: name, operator: name }),
    response: pageView(actView),
    async handle({ query: { limit, cursor: behind, target, act, operator } }) {
      const targets = target === undefined ? undefined : [target];
      const acts = await pageOfActs(database, { targets, act, operator, behind, limit: limit + 1 });
      return { status: 200, body: pages.pageOf(acts, limit, ({ id }) => id) };
    },
  });
}
