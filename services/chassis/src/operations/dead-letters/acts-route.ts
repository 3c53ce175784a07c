import { z } from 'zod';
import { pagesOf } from '../../http/input/cursor.ts';
import { bounded } from '../../http/input/text.ts';
import { get, type Route } from '../../http/route.ts';
import { isId } from '../../rules/id-spelling.ts';
import { pageOfActs } from '../../tables/operator-acts.ts';
import type { OperatorParts } from './parts.ts';
import { actView, pageView, viewOfAct } from './views.ts';

const pages = pagesOf('operator-acts', isId);
const name = bounded(200).optional();

export function actsRoute({ database }: OperatorParts): Route<never> {
  return get('/operator-acts', {
    summary: 'The audit trail: who did what by hand, and when, newest first',
    query: z.object({ ...pages.query, target: name, act: name, operator: name }),
    response: pageView(actView),
    async handle({ query: { limit, cursor: behind, target, act, operator } }) {
      const targets = target === undefined ? undefined : [target];
      const rows = await pageOfActs(database, { targets, act, operator, behind, limit: limit + 1 });
      const { items, nextCursor } = pages.pageOf(rows, limit, ({ id }) => id);
      return { status: 200, body: { items: items.map(viewOfAct), nextCursor } };
    },
  });
}
