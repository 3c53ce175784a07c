import { describe, expect, it } from '@jest/globals';
import type { Sql } from '@troupe/chassis';
import { z } from 'zod';
import { type Place, sagaPage } from '../../src/api/saga-list.ts';
import { sagaQuery } from '../../src/api/saga-query.ts';
import type { Judged } from '../../src/board/judged.ts';
import { unsummarized } from '../../src/reading/unsummarized.ts';
import { soughtBy } from '../../src/store/saga-filter.ts';

const NOW = Date.parse('2026-12-01T02:13:00.000Z');
const id = (last: number): string => `01890000-0000-7000-8000-${String(last).padStart(12, '0')}`;
const at = (secondsAgo: number): string => new Date(NOW - secondsAgo * 1_000).toISOString();

function saga(last: number, secondsAgo: number, over: Partial<Judged['summary']> = {}, stuck = false): Judged {
  const summary = { ...unsummarized(id(last), []), placedAt: at(secondsAgo), since: at(secondsAgo), ...over };
  const diagnosis = stuck
    ? { code: 'NO_ANSWER', causeKey: 'NO_ANSWER/payment', since: at(secondsAgo), tone: 'alarm' }
    : null;
  return { summary, diagnosis } as unknown as Judged;
}

/** No saga has ended. */
const sql = {
  $queryRawUnsafe: async (text: string) => (text.includes('count(*)') ? [{ count: 0 }] : []),
} as unknown as Sql;
const listOf = (sagas: readonly Judged[]) => ({
  sql,
  open: { judged: () => sagas, heldUp: () => [], find: () => undefined },
  now: () => NOW,
});

describe('the list of sagas', () => {
  const sagas = [
    saga(1, 5),
    saga(2, 50, {}, true),
    saga(3, 1),
    saga(4, 500, {}, true),
    saga(5, 900, { person: 'approval' }),
    saga(6, 5),
  ];
  const order = [4, 2, 5, 3, 6, 1].map(id);

  it('has the stuck ones first, the oldest on top; then who waits for a person; then what moves, the newest on top', async () => {
    const { items, total } = await sagaPage(listOf(sagas), {}, { after: undefined, limit: 10 });
    expect(items.map(({ orderId }) => orderId)).toEqual(order);
    expect(total).toBe(6);
  });

  it('comes in pages of which no two share a row, also while rows come and go', async () => {
    const seen: string[] = [];
    let after: Place | undefined;
    do {
      const page = await sagaPage(listOf(sagas), {}, { after, limit: 2 });
      seen.push(...page.items.map(({ orderId }) => orderId));
      after = page.next;
    } while (after !== undefined);
    expect(seen).toEqual(order);
    const { next } = await sagaPage(listOf(sagas), {}, { after: undefined, limit: 2 });
    const later = await sagaPage(listOf([saga(9, 999, {}, true), ...sagas]), {}, { after: next, limit: 2 });
    expect(later.items.map(({ orderId }) => orderId)).toEqual(order.slice(2, 4));
  });

  it('finds an order by its beginning, its end, its customer and its trace, and by its event', async () => {
    const customer = { customerId: 'c-1187', traceId: 'a'.repeat(32) };
    const list = listOf([saga(12, 1, customer), saga(34, 1)]);
    const found = async (text: string) => {
      const q = await soughtBy(text, async () => id(12));
      return (await sagaPage(list, { q }, { after: undefined, limit: 9 })).items.map(({ orderId }) => orderId);
    };
    expect(await found('000000000012')).toEqual([id(12)]);
    expect(await found('01890000-0000')).toEqual([id(34), id(12)]);
    expect(await found('C-1187')).toEqual([]);
    expect(await found('c-118')).toEqual([id(12)]);
    expect(await found('A'.repeat(32))).toEqual([id(12)]);
    expect(await found('01890000-0000-7000-8000-0000000000aa')).toEqual([id(12)]);
    expect(await found('nobody')).toEqual([]);
  });
});

describe('the filters in an address', () => {
  const query = z.object(sagaQuery(() => NOW));
  it('are read as people write them', () => {
    expect(query.parse({ since: '1h', older: '30s', total: '20..2000', state: 'stuck,attention', back: '1' })).toEqual({
      since: NOW - 3_600_000,
      older: NOW - 30_000,
      total: { from: 2_000, to: 200_000 },
      state: ['stuck', 'attention'],
      back: true,
    });
    expect(query.parse({ total: '99.99..', q: '' })).toEqual({ total: { from: 9_999, to: Number.MAX_SAFE_INTEGER } });
  });

  it.each([{ since: 'soon' }, { total: '..' }, { state: 'lost' }, { ids: 'me' }])(
    'refuses %j, and says what it takes',
    (wrong) => {
      expect(query.safeParse(wrong).error?.issues[0]?.message).toMatch(/^must be/);
    },
  );
});
