import { get, pagesOf, type Route } from '@troupe/chassis';
import { z } from 'zod';
import type { SagaPage } from '../contract/saga.ts';
import { sagaOfEvent } from '../store/find-record.ts';
import { type SagaFilter, soughtBy } from '../store/saga-filter.ts';
import { described } from './described.ts';
import { countsWithout, type Place, type SagaListParts, sagaPage } from './saga-list.ts';
import { sagaQuery } from './saga-query.ts';

const PLACE = /^([0-3]) (-?\d{1,15}) ([0-9a-f-]{36})$/;
const pages = pagesOf('console-sagas', (key) => PLACE.test(key), { usually: 50, most: 500 });
const keyOf = ({ section, key, orderId }: Place): string => `${section} ${key} ${orderId}`;

function placeOf(key: string): Place | undefined {
  const [, section, at, orderId] = PLACE.exec(key) ?? [];
  return orderId === undefined ? undefined : { section: Number(section), key: Number(at), orderId };
}

/** `GET /api/sagas`: the list, by its filters. */
export const sagasRoute = (parts: SagaListParts): Route<never> =>
  get('/api/sagas', {
    summary: 'Sagas: stuck first, then those that wait for a person, then moving, then ended',
    query: z.object({ ...sagaQuery(parts.now), ...pages.query }),
    response: described('SagaPage'),
    async handle({ query: { q, limit, cursor, ...exact } }) {
      const sought = q === undefined ? undefined : await soughtBy(q, (id) => sagaOfEvent(parts.sql, id));
      const filter: SagaFilter = { ...exact, q: sought };
      const after = cursor === undefined ? undefined : placeOf(cursor);
      const { next, ...page } = await sagaPage(parts, filter, { after, limit });
      const without = page.total === 0 ? await countsWithout(parts, filter) : {};
      const body: SagaPage = { ...page, without, nextCursor: next === undefined ? null : pages.cursorOf(keyOf(next)) };
      return { status: 200, body };
    },
  });
