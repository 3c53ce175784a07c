import { describe, expect, it } from '@jest/globals';
import { summarize } from '../../src/saga/summary/summarize.ts';
import { COMPENSATED, CONFIRMED, type Line, map, orchestrated, story } from './story.ts';

const of = (lines: readonly Line[], count = lines.length) => summarize(story(...lines.slice(0, count)), map);
const trail = (marks: readonly { service: string; state: string }[]) =>
  marks.map(({ service, state }) => `${service} ${state}`);

describe('The summary of a saga', () => {
  it('has who ordered what, and for how much', () => {
    expect(of(CONFIRMED, 1)).toMatchObject({
      orderId: '01a1fd37-62cd-7000-8000-54f2e86ecfbc',
      style: 'choreographed',
      customerId: 'c-2041',
      total: { amount: 8598, currency: 'USD' },
      items: [{ sku: 'SKU-014', quantity: 2 }],
      placedAt: '2026-11-30T02:13:07.241Z',
      deadlineAt: '2026-11-30T02:14:07.241Z',
    });
  });

  it.each([
    [1, 'payment', 'OrderCreated', ['PaymentCompleted', 'PaymentFailed', 'PaymentApprovalRequired'], 20_000],
    [2, 'inventory', 'PaymentCompleted', ['InventoryReserved', 'InventoryFailed'], 10_000],
    [3, 'shipping', 'InventoryReserved', ['ShipmentScheduled', 'ShipmentFailed'], 20_000],
    [4, 'order', 'ShipmentScheduled', ['OrderConfirmed'], 10_000],
  ])('after %i events says who owes the next one: %s', (count, service, hears, oneOf, withinMs) => {
    expect(of(CONFIRMED, count)).toMatchObject({
      open: true,
      outcome: null,
      owes: { service, hears, oneOf, withinMs },
    });
  });

  it.each([
    [4, 'inventory', 'ShipmentFailed', 'InventoryReleased'],
    [5, 'payment', 'InventoryReleased', 'PaymentRefunded'],
    [6, 'order', 'PaymentRefunded', 'OrderCancelled'],
  ])('on the way back after %i events says who owes the undo: %s', (count, service, hears, first) => {
    const { owes, turningBack } = of(COMPENSATED, count);
    expect({ ...owes, turningBack }).toMatchObject({ service, hears, isBack: true, turningBack: true });
    expect(owes?.oneOf[0]).toBe(first);
  });

  it('is closed by the end, and by nothing that nobody waits for', () => {
    expect(of(CONFIRMED, 5)).toMatchObject({ open: false, outcome: 'confirmed', owes: null });
    expect(of(COMPENSATED, 7)).toMatchObject({
      open: false,
      outcome: 'cancelled',
      reason: 'SHIPMENT_REFUSED',
      owes: null,
    });
  });

  it('stays open after the end while an effect is not undone', () => {
    const cancelled: readonly Line[] = [
      ...CONFIRMED.slice(0, 3),
      ['OrderCancelled', 400, 'OrderCreated', { reason: 'CUSTOMER' }],
    ];
    expect(of(cancelled)).toMatchObject({ open: true, outcome: 'cancelled', owes: { service: 'payment' } });
    const refunded = [...cancelled, ['PaymentRefunded', 500, 'OrderCancelled'] as const];
    expect(of(refunded)).toMatchObject({ open: true, owes: { service: 'inventory', oneOf: ['InventoryReleased'] } });
    // Shipping may have been booking; whether anything comes of it, events do not tell.
    const released = [...refunded, ['InventoryReleased', 500, 'OrderCancelled'] as const];
    expect(of(released)).toMatchObject({ open: false, owes: { service: 'shipping', hears: 'InventoryReserved' } });
  });

  it('waits for a person while an approval is asked for, and when an undo is not tried again', () => {
    const asked: readonly Line[] = [
      ['OrderCreated', 0],
      ['PaymentApprovalRequired', 20, 'OrderCreated'],
    ];
    expect(of(asked)).toMatchObject({ person: 'approval', owes: { kind: 'decision', service: 'payment' } });
    const failed: readonly Line[] = [...COMPENSATED.slice(0, 5), ['PaymentRefundFailed', 520, 'InventoryReleased']];
    expect(of(failed)).toMatchObject({
      person: 'compensation',
      owes: { kind: 'undo again', detail: 'The account is closed.' },
    });
    const again: readonly Line[] = [...failed, ['PaymentRefunded', 900, 'OrderCreated', { byHand: true }]];
    expect(of(again)).toMatchObject({ person: null, owes: { service: 'order', oneOf: ['OrderCancelled'] } });
  });

  it('draws the trail there and back', () => {
    const { there, back } = of(COMPENSATED, 5);
    expect(trail(there)).toEqual(['order done', 'payment done', 'inventory undone', 'shipping refused']);
    expect(trail(back)).toEqual(['inventory undo-done', 'payment undo-running', 'order undo-expected']);
    expect(trail(of(CONFIRMED, 2).there)).toEqual([
      'order done',
      'payment done',
      'inventory running',
      'shipping expected',
      'order expected',
    ]);
    expect(trail(of(CONFIRMED).there)).toEqual(
      ['order', 'payment', 'inventory', 'shipping', 'order'].map((at) => `${at} done`),
    );
  });

  it('follows an orchestrator by its steps', () => {
    const asked = summarize(orchestrated(CONFIRMED.slice(0, 2)), map);
    expect(asked).toMatchObject({
      style: 'orchestrated',
      owes: {
        kind: 'step',
        service: 'inventory',
        hears: 'reserve stock',
        orchestrator: 'order',
        calls: ['ReserveStock'],
      },
    });
    const back = summarize(orchestrated(COMPENSATED.slice(0, 4)), map);
    expect(back).toMatchObject({
      turningBack: true,
      owes: { service: 'inventory', hears: 'undo reserve stock', isBack: true },
    });
    expect(summarize(orchestrated(CONFIRMED), map)).toMatchObject({
      open: false,
      outcome: 'confirmed',
      unexpected: [],
    });
  });

  it('names events that no table declares after their cause', () => {
    expect(of(CONFIRMED).unexpected).toEqual([]);
    expect(of(COMPENSATED).unexpected).toEqual([]);
    const odd: readonly Line[] = [
      ...CONFIRMED.slice(0, 2),
      ['InventoryFailed', 300, 'PaymentCompleted'],
      ['ShipmentScheduled', 400, 'InventoryFailed'],
    ];
    expect(of(odd).unexpected).toEqual(['ShipmentScheduled']);
  });
});
