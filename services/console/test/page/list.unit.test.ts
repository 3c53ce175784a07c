import { describe, expect, it } from '@jest/globals';
import type { Cause, Overview, SagaPage, SagaRow } from '../../src/contract/saga.ts';
import { freeList, heldList } from '../../web/src/sagas/hold.ts';
import { linesOf, nextLine, orderIdsOf, waitingText } from '../../web/src/sagas/lines.ts';
import { groupedSections, type Section } from '../../web/src/sagas/sections.ts';

const row = (orderId: string, more: Partial<SagaRow> = {}): SagaRow =>
  ({ orderId, state: 'running', causeKey: null, total: null, ...more }) as SagaRow;
const page = (items: readonly SagaRow[], total = items.length): SagaPage => ({
  items,
  total,
  nextCursor: null,
  without: {},
});
const moving = (ids: readonly string[], total = ids.length): Section => ({
  id: 'moving',
  cause: null,
  rows: ids.map((id) => row(id)),
  total,
});
const cause = (key: string, first: readonly SagaRow[] = []): Cause =>
  ({ key, count: 3, first, money: null, diagnosis: { sentence: `${key} stands still` } }) as unknown as Cause;
const ids = (sections: readonly Section[]) =>
  sections.map(({ id, rows }) => [id, ...rows.map(({ orderId }) => orderId)]);

describe('A held list', () => {
  const none = new Map<string, SagaRow>();

  it('adds nothing and moves nothing: what is new waits behind its number', () => {
    const held = heldList([moving(['a', 'b'], 9)], [moving(['d', 'c', 'b', 'a'], 12)], none);
    expect(ids(held.sections)).toEqual([['moving', 'a', 'b']]);
    expect(held.newer).toEqual({ moving: 2 });
  });
  it('changes figures and rows in their places', () => {
    const next = { ...moving(['a'], 12), rows: [row('a', { standsAt: 'further on' })] };
    const [section] = heldList([moving(['a'], 9)], [next], none).sections;
    expect(section?.total).toBe(12);
    expect(section?.rows[0]?.standsAt).toBe('further on');
  });
  it('keeps a row that has left, and says that it has', () => {
    const ended: Section = { ...moving(['a']), id: 'ended', rows: [row('a', { state: 'done' })] };
    const held = heldList([moving(['a', 'b'], 9)], [moving(['b'], 8), ended], none);
    expect(ids(held.sections)).toEqual([['moving', 'a', 'b']]);
    expect([...held.gone]).toEqual(['a']);
    expect(held.sections[0]?.rows[0]?.state).toBe('done');
  });
  it('does not call a row gone that was only pushed down, out of the first ones', () => {
    const held = heldList([moving(['a'], 9)], [moving(['c', 'b'], 11)], none);
    expect([...held.gone]).toEqual([]);
  });
  it('calls it gone once its newest state is another', () => {
    const held = heldList([moving(['a'], 9)], [moving(['c', 'b'], 11)], new Map([['a', row('a', { state: 'done' })]]));
    expect([...held.gone]).toEqual(['a']);
  });
  it('calls it gone when its section is given whole without it, or is over', () => {
    expect([...heldList([moving(['a'], 1)], [moving(['b'], 1)], none).gone]).toEqual(['a']);
    expect([...heldList([moving(['a'], 1)], [], none).gone]).toEqual(['a']);
  });
  it('does not show a new cause, and counts it', () => {
    const next: Section = { id: 'cause:X', cause: cause('X'), rows: [], total: 3 };
    const held = heldList([moving(['a'], 9)], [next, moving(['a'], 9)], none);
    expect(ids(held.sections)).toEqual([['moving', 'a']]);
    expect(held.newCauses).toBe(1);
    expect(waitingText(held)).toBe('1 new cause');
  });
});

describe('The list by cause', () => {
  const overview = { causes: [cause('A', [row('1')]), cause('B')] } as unknown as Overview;

  it('has the causes of the overview in its order, then what moves, then what has ended', () => {
    const sections = groupedSections({ overview, still: null, moving: page([row('2')]), ended: page([row('3')]) });
    expect(ids(sections)).toEqual([['cause:A', '1'], ['cause:B'], ['moving', '2'], ['ended', '3']]);
  });
  it('has no heading without rows', () => {
    expect(groupedSections({ overview: undefined, still: null, moving: page([]), ended: null })).toEqual([]);
  });
  it('counts and sums, with a filter, what the filter leaves', () => {
    const usd = { amount: 100, currency: 'USD' };
    const still = page([
      row('1', { causeKey: 'B', total: usd }),
      row('2', { causeKey: 'A', total: usd }),
      row('3', { causeKey: 'B', total: usd }),
    ]);
    const sections = groupedSections({ overview, still, moving: null, ended: null });
    expect(sections.map(({ cause: of }) => [of?.key, of?.count, of?.money?.amount])).toEqual([
      ['A', 1, 100],
      ['B', 2, 200],
    ]);
  });
  it('has no sum of different currencies, and no sentence for a cause that the overview does not know', () => {
    const still = page([
      row('1', { causeKey: 'A', total: { amount: 1, currency: 'USD' } }),
      row('2', { causeKey: 'A', total: { amount: 1, currency: 'EUR' } }),
      row('3', { causeKey: 'Z', code: 'DEAD_LETTER' }),
    ]);
    const sections = groupedSections({ overview, still, moving: null, ended: null });
    expect(sections.map(({ cause: of }) => of?.money ?? null)).toEqual([null, null]);
    expect(linesOf(freeList(sections)).map(({ kind }) => kind)).toEqual([
      'cause',
      'row',
      'row',
      'unknown cause',
      'row',
    ]);
  });
});

describe('Lines of the list', () => {
  const lines = linesOf(
    freeList([{ id: 'cause:A', cause: cause('A'), rows: [row('1')], total: 3 }, moving(['2', '3'])]),
  );

  it('are headings, rows, and how many more there are', () => {
    expect(lines.map(({ kind }) => kind)).toEqual(['cause', 'row', 'more', 'head', 'row', 'row']);
    expect(orderIdsOf(lines)).toEqual(['1', '2', '3']);
  });
  it('are gone through by arrows from one that can be opened to the next, and no further than the ends', () => {
    expect(nextLine(lines, -1, 1)).toBe(1);
    expect(nextLine(lines, 2, 1)).toBe(4);
    expect(nextLine(lines, 4, -1)).toBe(2);
    expect(nextLine(lines, 5, 1)).toBe(5);
    expect(nextLine(lines, 1, -1)).toBe(1);
  });
});
