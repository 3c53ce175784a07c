import { z } from 'zod';
import { lastOf, paged, pageOf } from '../http/cursor.ts';
import { get, type Route } from '../http/route.ts';
import { bounded } from '../http/text.ts';
import { pageOfActs } from '../store/operator-acts.ts';
import type { OperatorParts } from './routes.ts';
import { actView, pageView, viewOfAct } from './views.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const name = bounded(200).optional();

export function actsRoute({ database }: OperatorParts): Route<never> {
  return get('/operator-acts', {
    summary: 'The audit trail: who did what by hand, and when, newest first',
    query: z.object({ ...paged(UUID), target: name, act: name, operator: name }),
    response: pageView(actView),
    async handle({ query: { limit, cursor, target, act, operator } }) {
      const behind = cursor && lastOf(cursor, UUID);
      const targets = target === undefined ? undefined : [target];
      const rows = await pageOfActs(database, { targets, act, operator, behind, limit: limit + 1 });
      const { items, nextCursor } = pageOf(rows, limit, ({ id }) => id);
      return { status: 200, body: { items: items.map(viewOfAct), nextCursor } };
    },
  });
}
