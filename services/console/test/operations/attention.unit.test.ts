import { expect, it } from '@jest/globals';
import { personItems } from '../../src/api/attention/persons.ts';
import { refusedItems } from '../../src/api/attention/refused.ts';
import { sagaItems } from '../../src/api/attention/sagas.ts';
import type { Judged } from '../../src/board/judged.ts';
import type { SagaSummary } from '../../src/saga/input.ts';
import { asking, page, says, stored, T, tell } from '../asking/asked.ts';

const ID = '01a1fd37-62cd-7000-8000-54f2e86ecfbc';

const judged = (person: SagaSummary['person'], service: string, more: Partial<SagaSummary> = {}): Judged => ({
  diagnosis: null,
  summary: {
    orderId: ID,
    style: 'choreographed',
    open: true,
    person,
    since: T,
    total: { amount: 150_000, currency: 'USD' },
    customerId: 'c-2041',
    owes: { service, dueAt: '2026-11-30T02:30:00.000Z', oneOf: [], kind: 'decision' },
    there: [],
    back: [],
    items: [],
    ...more,
  } as unknown as SagaSummary,
});
const persons = (...all: Judged[]) =>
  personItems({
    open: { judged: () => all, heldUp: () => [], find: () => undefined },
    now: () => Date.parse(T),
    sql: undefined as never,
  });

it('an approval has its amount, when it decides itself, and two ways to decide', () => {
  const { approval } = persons(judged('approval', 'payment'), judged(null, 'payment'));
  expect(approval).toMatchObject([
    {
      orderId: ID,
      until: '2026-11-30T02:30:00.000Z',
      money: { amount: 150_000 },
      text: '**$1,500.00** for order **e86ecfbc** of c-2041 wants a decision.',
      actions: [
        { act: 'approve', params: { orderId: ID }, needsReason: false, danger: false },
        { act: 'reject', danger: true },
      ],
    },
  ]);
});

it('what could not be undone is settled where it failed; what is orchestrated, at the orchestrator', () => {
  const found = persons(
    judged('compensation', 'payment'),
    judged('compensation', 'shipping', { since: '2026-11-30T02:00:00.000Z' }),
    judged('compensation', 'payment', { style: 'orchestrated' }),
  );
  expect(found.refund.map(({ actions }) => actions.map((one) => 'act' in one && one.act))).toEqual([
    ['retry-refund', 'resolve-refund'],
  ]);
  expect(found.cancellation.map(({ actions }) => actions.map((one) => 'act' in one && one.act))).toEqual([
    ['retry-cancellation', 'resolve-cancellation'],
  ]);
  const undo = { status: 'FAILED', startedAt: T, detail: 'The refund was refused.' };
  const saga = {
    sagaId: ID,
    status: 'COMPENSATION_FAILED',
    startedAt: T,
    steps: [{ name: 'charge payment', status: 'DONE', compensation: undo }],
  };
  expect(sagaItems([saga], 'order')).toMatchObject([
    {
      service: 'order',
      text: '**charge payment** of order **e86ecfbc** could not be undone: The refund was refused.',
      actions: [{ act: 'retry-saga' }, { act: 'resolve-saga', needsReason: true }],
    },
  ]);
});

it('a record that the broker refuses is published again, or let go', () => {
  const of = asking();
  const refused = [
    { id: ID, kind: 'EVENT' as const, topic: 't', key: ID, code: 'TOO_LARGE', message: 'It is too large.', since: T },
  ];
  tell(of, 'order', says(page('order', { stored: { ...stored, outbox: { ...stored.outbox, refused } } })));
  expect(refusedItems(of)).toMatchObject([
    {
      orderId: ID,
      text: 'The broker refuses event **e86ecfbc** of **order**: It is too large.',
      actions: [{ act: 'retry-unpublished', params: { service: 'order', id: ID } }, { act: 'discard-unpublished' }],
    },
  ]);
});
