import { describe, expect, it } from '@jest/globals';
import { like } from '@troupe/chassis/testing';
import { InventoryFailed, InventoryReleased, InventoryReserved } from '@troupe/schemas';
import { enough, heard, heardOf, items, orderId, stocked } from './story.ts';

const { refused, cancelled, confirmed, reserve } = heard;
const { paid } = heardOf(orderId, items, true);
const release = heard.release('SHIPMENT_REFUSED');
const leftToOrchestrator = 'the order has an orchestrator, who asks for each of its steps';
const setAside = { 'SKU-001': { available: 7, reserved: 2 } };
const back = { 'SKU-001': { available: 9, reserved: 0 } };

describe('an order that has an orchestrator', () => {
  it('has nothing set aside when its payment is heard of', () => {
    enough.when(paid).thenIgnored(leftToOrchestrator).has({ reservations: [] });
  });

  it('has its items set aside when the orchestrator asks, and its events say that it has one', () => {
    enough.when(reserve).then({
      emits: [InventoryReserved({ orderId, items, orchestrated: true })],
      reservations: [{ kind: 'reservation', orderId, status: 'RESERVED', items, orchestrated: true }],
      stock: like(setAside),
    });
  });

  it('has them set aside once, however often the orchestrator asks', () => {
    enough
      .after(reserve)
      .when(reserve)
      .thenIgnored()
      .when(paid)
      .thenIgnored()
      .has({ stock: like(setAside) });
  });

  it('is told when there is not enough, and stays told', () => {
    stocked({ 'SKU-001': 9, 'SKU-002': 0 })
      .when(reserve)
      .then({ emits: [InventoryFailed], reservations: like([{ status: 'FAILED', orchestrated: true }]) })
      .when(release)
      .thenIgnored('nothing was reserved for this order');
  });

  it('keeps its items when it is heard that it failed: the orchestrator asks for their release', () => {
    const reserved = enough.after(reserve);
    for (const fact of [refused, cancelled])
      reserved
        .when(fact)
        .thenIgnored(leftToOrchestrator)
        .has({ stock: like(setAside) });
    reserved
      .when(release)
      .then({
        reservations: like([{ status: 'RELEASED', orchestrated: true }]),
        emits: [InventoryReleased({ orderId, items, reason: 'SHIPMENT_REFUSED' })],
        stock: like(back),
      })
      .when(release)
      .thenIgnored('the units are back in stock already');
  });

  it('has its items shipped when it is confirmed, as any other', () => {
    enough
      .after(reserve)
      .when(confirmed)
      .then({
        reservations: like([{ status: 'SHIPPED', orchestrated: true }]),
        stock: like({ 'SKU-001': { available: 7, reserved: 0, shipped: 2 } }),
      })
      .when(release)
      .thenIgnored('the order is confirmed and its units have left');
  });

  it('has nothing released when not all of its items are named, and is told which is missing', () => {
    enough
      .after(reserve)
      .when(heardOf(orderId, items.slice(0, 1)).release('SHIPMENT_REFUSED'))
      .thenRejected('ITEMS_INCOMPLETE', {
        status: 422,
        message: expect.stringContaining('SKU-002'),
        faults: [{ field: '/items', message: 'must name SKU-002 too' }],
      })
      .has({ stock: like(setAside) });
  });
});

describe('an order that came to nothing before anything was set aside', () => {
  it.each([
    ['the orchestrator', release],
    ['the order service', cancelled],
  ])('has nothing set aside later, when %s said so first', (_, undone) => {
    for (const late of [reserve, release])
      enough
        .after(undone)
        .when(late)
        .thenIgnored()
        .has({ reservations: [{ kind: 'reservation', orderId, status: 'VOID' }], stock: like(back) });
  });
});

describe('an order that has no orchestrator', () => {
  const reserved = enough.after(heard.paid);
  it.each([
    ['RESERVED', reserved],
    ['RELEASED', reserved.after(refused)],
    ['SHIPPED', reserved.after(confirmed)],
  ] as const)('that is %s does nothing that an orchestrator asks for', (status, warehouse) => {
    for (const command of [reserve, release])
      warehouse
        .when(command)
        .thenRejected('ORDER_NOT_ORCHESTRATED')
        .has({ reservations: like([{ status }]) });
  });
});
