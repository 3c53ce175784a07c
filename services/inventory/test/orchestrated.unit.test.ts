import { describe, expect, it } from '@jest/globals';
import { type Message, said, Warehouse } from './warehouse.ts';

const orderId = '0198c000-0000-7000-8000-000000000001';
const items = [
  { sku: 'SKU-001', quantity: 2 },
  { sku: 'SKU-002', quantity: 1 },
];
const about = (type: string, more: object = {}): Message => ({ type, data: { orderId, items, ...more } });
const reserve = about('ReserveItems');
const release = about('ReleaseItems', { reason: 'SHIPMENT_REFUSED' });
const paid = about('PaymentCompleted', { orchestrated: true });
const [refused, cancelled, confirmed] = [about('ShipmentFailed'), about('OrderCancelled'), about('OrderConfirmed')];
const leftToOrchestrator = ['ignored: the order has an orchestrator, who asks for each of its steps'];

const enough = { 'SKU-001': 9, 'SKU-002': 9 };
function given(...before: readonly Message[]) {
  const warehouse = new Warehouse(enough);
  for (const message of before) warehouse.hear(message);
  return { warehouse, when: (message: Message) => warehouse.hear(message) };
}

describe('an order that has an orchestrator', () => {
  it('has nothing set aside when its payment is heard of', () => {
    const { warehouse, when } = given();
    expect(said(when(paid))).toEqual(leftToOrchestrator);
    expect(warehouse.reservations).toEqual([]);
  });

  it('has its items set aside when the orchestrator asks, and what is said of it says that it has one', () => {
    const { warehouse, when } = given();
    expect(when(reserve)).toMatchObject({
      effects: [{ type: 'InventoryReserved', data: { orderId, items, orchestrated: true } }],
    });
    expect(warehouse.reservations).toEqual([
      { kind: 'reservation', orderId, status: 'RESERVED', items, orchestrated: true },
    ]);
    expect(warehouse.stock('SKU-001')).toMatchObject({ available: 7, reserved: 2 });
  });

  it('has them set aside once, however often the orchestrator asks', () => {
    const { warehouse, when } = given(reserve);
    expect(when(reserve)).toMatchObject({ kind: 'ignored' });
    expect(when(paid)).toMatchObject({ kind: 'ignored' });
    expect(warehouse.stock('SKU-001')).toMatchObject({ available: 7, reserved: 2 });
  });

  it('is told when there is not enough, and stays told', () => {
    const warehouse = new Warehouse({ 'SKU-001': 9, 'SKU-002': 0 });
    expect(said(warehouse.hear(reserve))).toEqual(['InventoryFailed']);
    expect(warehouse.reservations).toMatchObject([{ status: 'FAILED', orchestrated: true }]);
    expect(said(warehouse.hear(release))).toEqual(['ignored: nothing was reserved for this order']);
  });

  it('keeps its items when it is heard that it failed: the orchestrator asks for their release', () => {
    const { warehouse, when } = given(reserve);
    for (const fact of [refused, cancelled]) expect(said(when(fact))).toEqual(leftToOrchestrator);
    expect(warehouse.stock('SKU-001')).toMatchObject({ reserved: 2 });
    expect(when(release)).toMatchObject({
      state: { reservation: { status: 'RELEASED', orchestrated: true } },
      effects: [{ type: 'InventoryReleased', data: { orderId, items, reason: 'SHIPMENT_REFUSED' } }],
    });
    expect(warehouse.stock('SKU-001')).toMatchObject({ available: 9, reserved: 0 });
    expect(said(when(release))).toEqual(['ignored: the units are back in stock already']);
  });

  it('has its items shipped when it is confirmed, as any other', () => {
    const { warehouse, when } = given(reserve);
    expect(when(confirmed)).toMatchObject({ state: { reservation: { status: 'SHIPPED', orchestrated: true } } });
    expect(warehouse.stock('SKU-001')).toMatchObject({ available: 7, reserved: 0, shipped: 2 });
    expect(said(when(release))).toEqual(['ignored: the order is confirmed and its units have left']);
  });

  it('has nothing released when not all of its items are named, and is told which is missing', () => {
    const { warehouse, when } = given(reserve);
    const some = { ...release, data: { ...release.data, items: items.slice(0, 1) } };
    expect(when(some)).toMatchObject({
      kind: 'rejected',
      error: {
        ...{ code: 'ITEMS_INCOMPLETE', status: 422, message: expect.stringContaining('SKU-002') },
        faults: [{ field: '/items', message: 'must name SKU-002 too' }],
      },
    });
    expect(warehouse.stock('SKU-001')).toMatchObject({ reserved: 2 });
  });
});

describe('an order that came to nothing before anything was set aside', () => {
  it.each([
    ['the orchestrator', release],
    ['the order service', cancelled],
  ])('has nothing set aside later, when %s said so first', (_, undone) => {
    const { warehouse, when } = given(undone);
    for (const late of [reserve, release]) expect(when(late)).toMatchObject({ kind: 'ignored' });
    expect(warehouse.reservations).toEqual([{ kind: 'reservation', orderId, status: 'VOID' }]);
    expect(warehouse.stock('SKU-001')).toMatchObject({ available: 9 });
  });
});

describe('an order that has no orchestrator', () => {
  const choreographed = about('PaymentCompleted');
  it.each([
    ['RESERVED', [choreographed]],
    ['RELEASED', [choreographed, refused]],
    ['SHIPPED', [choreographed, confirmed]],
  ])('that is %s does nothing that an orchestrator asks for', (status, before) => {
    const { warehouse, when } = given(...before);
    for (const command of [reserve, release]) expect(said(when(command))).toEqual(['rejected: ORDER_NOT_ORCHESTRATED']);
    expect(warehouse.reservations).toMatchObject([{ status }]);
  });
});
