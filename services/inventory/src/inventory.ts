import { type CommandDecision, type Context, command, DomainError, decided, ignored, rejected } from '@troupe/chassis';
import { InventoryFailed, InventoryReleased, InventoryReserved } from '@troupe/schemas';
import { type Style, styleOf } from '@troupe/shop';
import { type Item, merged, putBack, sendOff, setAside, shortage, takeIn, type Warehouse } from './stock.ts';

export type ReleaseReason = 'SHIPMENT_REFUSED' | 'ORDER_CANCELLED';

/** What an order wants to have set aside. */
export interface Wanted extends Style {
  readonly items: readonly Item[];
}

/** What is reserved for an order. VOID is a tombstone: the cancellation came before the payment. */
export type Reservation = { readonly kind: 'reservation'; readonly orderId: string } & (
  | ({ readonly status: 'RESERVED' | 'SHIPPED' } & Wanted)
  | ({ readonly status: 'RELEASED'; readonly reason: ReleaseReason } & Wanted)
  | ({ readonly status: 'FAILED'; readonly reason: string } & Wanted)
  | { readonly status: 'VOID' }
);

/** A delivery to the warehouse, kept to show where units came from. */
export interface Restocking {
  readonly kind: 'restocking';
  readonly id: string;
  readonly sku: string;
  readonly quantity: number;
  readonly reason: string | undefined;
}

/** What a rule sees: the reservation of its order, if there is one, and the stock of its products. */
export interface InventoryState {
  readonly reservation?: Reservation | undefined;
  readonly stock: Warehouse;
  readonly restocking?: Restocking;
}

/** What the facts about an order have in common. */
export interface Ordered {
  readonly orderId: string;
  readonly items: readonly Item[];
}

/** The orchestrator asks to release the items of an order. It must name all reserved items, because only those are loaded. */
export interface ReleaseAsked extends Ordered {
  readonly reason: ReleaseReason;
}

export const ReserveItems = command('ReserveItems', ({ orderId }: Ordered) => orderId);
export const ReleaseItems = command('ReleaseItems', ({ orderId }: ReleaseAsked) => orderId);

export interface RestockRequest {
  readonly sku: string;
  readonly quantity: number;
  readonly reason?: string | undefined;
}

/** Reserves all items of a paid order, or none of them. */
export function reserve(order: Ordered & { readonly orchestrated?: boolean }, state: InventoryState) {
  if (state.reservation !== undefined) return ignored(whyNotReserved(state.reservation));
  const { orderId, orchestrated = false } = order;
  const items = merged(order.items);
  const wanted = { kind: 'reservation' as const, orderId, items, ...styleOf(order) };
  const short = shortage(items, state.stock);
  if (short !== undefined) {
    const failed: Reservation = { ...wanted, status: 'FAILED', reason: short };
    return decided(
      { ...state, reservation: failed },
      InventoryFailed({ orderId, reason: 'OUT_OF_STOCK', detail: short }),
    );
  }
  const reserved: Reservation = { ...wanted, status: 'RESERVED' };
  return decided(
    { reservation: reserved, stock: setAside(state.stock, items) },
    InventoryReserved({ orderId, items, orchestrated }),
  );
}

/** Releases the units of an order whose shipment the carrier refused. */
export function shipmentRefused(_: Ordered, state: InventoryState) {
  if (state.reservation === undefined) return ignored('nothing is reserved for this order');
  return release(state.reservation, 'SHIPMENT_REFUSED', state.stock);
}

/** Releases the units of a cancelled order, or leaves a tombstone so that a later payment reserves none. */
export const orderCancelled = ({ orderId }: Ordered, state: InventoryState) => undo(orderId, 'ORDER_CANCELLED', state);

/** The same, because the orchestrator asks. */
export function releaseOnRequest({ orderId, reason }: ReleaseAsked, state: InventoryState) {
  const { reservation, stock } = state;
  const unnamed = reservation?.status === 'RESERVED' && reservation.items.find(({ sku }) => !stock.has(sku));
  return unnamed ? rejected(itemsIncomplete(orderId, unnamed.sku)) : undo(orderId, reason, state);
}

/** The order is confirmed: its units have left the warehouse. */
export function orderConfirmed(_: Ordered, { reservation, stock }: InventoryState) {
  if (reservation?.status !== 'RESERVED') return ignored('nothing is reserved for this order');
  const shipped: Reservation = { ...reservation, status: 'SHIPPED' };
  return decided({ reservation: shipped, stock: sendOff(stock, reservation.items) });
}

/** Adds units of a known product. The owner of the catalogue makes new products. */
export function restock(
  { sku, quantity, reason }: RestockRequest,
  { stock }: InventoryState,
  { id }: Context,
): CommandDecision<InventoryState, never> {
  if (!stock.has(sku)) return rejected(productUnknown(sku));
  const restocking: Restocking = { kind: 'restocking', id, sku, quantity, reason };
  return decided({ stock: takeIn(stock, { sku, quantity }), restocking });
}

export function productUnknown(sku: string): DomainError {
  return new DomainError({
    code: 'PRODUCT_UNKNOWN',
    status: 404,
    title: 'The product is not kept in stock',
    detail: `There is no product ${sku} in stock. GET /stock lists those that there are.`,
  });
}

export function reservationNotFound(orderId: string): DomainError {
  return new DomainError({
    code: 'RESERVATION_NOT_FOUND',
    status: 404,
    title: 'There is no such reservation',
    detail: `No reservation is known for order ${orderId}. An order reaches inventory when it is paid.`,
  });
}

function itemsIncomplete(orderId: string, sku: string): DomainError {
  return new DomainError({
    code: 'ITEMS_INCOMPLETE',
    status: 422,
    title: 'An item that is reserved is not named',
    detail: `Units of ${sku} are reserved for order ${orderId}. Name all items of the order, as when they were reserved.`,
    faults: [{ field: '/items', message: `must name ${sku} too` }],
  });
}

function undo(orderId: string, reason: ReleaseReason, state: InventoryState) {
  if (state.reservation !== undefined) return release(state.reservation, reason, state.stock);
  const tombstone: Reservation = { kind: 'reservation', orderId, status: 'VOID' };
  return decided({ ...state, reservation: tombstone });
}

function release(reservation: Reservation, reason: ReleaseReason, stock: Warehouse) {
  if (reservation.status !== 'RESERVED') return ignored(whyNotReleased(reservation.status));
  const { orderId, items } = reservation;
  const released: Reservation = { ...reservation, status: 'RELEASED', reason };
  return decided(
    { reservation: released, stock: putBack(stock, items) },
    InventoryReleased({ orderId, items, reason }),
  );
}

function whyNotReserved({ status }: Reservation): string {
  switch (status) {
    case 'VOID':
      return 'the order was cancelled before its payment arrived';
    case 'RESERVED':
    case 'SHIPPED':
    case 'RELEASED':
    case 'FAILED':
      return 'this order was answered before: there is one reservation for each order';
    default:
      return status satisfies never;
  }
}

function whyNotReleased(status: Exclude<Reservation['status'], 'RESERVED'>): string {
  switch (status) {
    case 'VOID':
    case 'FAILED':
      return 'nothing was reserved for this order';
    case 'RELEASED':
      return 'the units are back in stock already';
    case 'SHIPPED':
      return 'the order is confirmed and its units have left';
    default:
      return status satisfies never;
  }
}
