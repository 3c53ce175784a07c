import { type CommandDecision, type Context, DomainError, decided, ignored, rejected, Terminal } from '@troupe/chassis';
import { InventoryFailed, InventoryReleased, InventoryReserved } from '@troupe/schemas';

/** One line of an order. */
export interface Item {
  readonly sku: string;
  /** Units, 1 or more. */
  readonly quantity: number;
}

/** Where the units of a product are. Always: initial + restocked = available + reserved + shipped, none below zero. */
export interface Stock {
  readonly kind: 'stock';
  readonly sku: string;
  readonly initial: number;
  readonly restocked: number;
  readonly available: number;
  /** Set aside for orders that are paid and not yet confirmed. */
  readonly reserved: number;
  readonly shipped: number;
}

export type ReleaseReason = 'SHIPMENT_REFUSED' | 'ORDER_CANCELLED';

/** What an order was given. VOID is a tombstone: the order was cancelled before its payment was seen here. */
export type Reservation = { readonly kind: 'reservation'; readonly orderId: string } & (
  | { readonly status: 'RESERVED' | 'SHIPPED'; readonly items: readonly Item[] }
  | { readonly status: 'RELEASED'; readonly items: readonly Item[]; readonly reason: ReleaseReason }
  | { readonly status: 'FAILED'; readonly items: readonly Item[]; readonly reason: string }
  | { readonly status: 'VOID' }
);

/** A delivery to the warehouse, kept for whoever asks where the units came from. */
export interface Restocking {
  readonly kind: 'restock';
  readonly id: string;
  readonly sku: string;
  readonly quantity: number;
  readonly reason: string | undefined;
}

/** What a rule sees: the reservation of its order, if there is one, and the stock of its products. */
export interface InventoryState {
  readonly reservation?: Reservation | undefined;
  readonly stock: ReadonlyMap<string, Stock>;
  readonly restocking?: Restocking;
}

/** What the facts about an order have in common. */
export interface Ordered {
  readonly orderId: string;
  readonly items: readonly Item[];
}

export interface RestockRequest {
  readonly sku: string;
  readonly quantity: number;
  readonly reason?: string | undefined;
}

/** Sets all items of a paid order aside, or none of them. */
export function reserve({ orderId, items: lines }: Ordered, state: InventoryState) {
  if (state.reservation !== undefined) return ignored(whyNotAgain(state.reservation.status));
  const items = merged(lines);
  const reason = shortage(items, state.stock);
  if (reason !== undefined) {
    const failed: Reservation = { kind: 'reservation', orderId, status: 'FAILED', items, reason };
    return decided({ ...state, reservation: failed }, InventoryFailed({ orderId, reason: 'OUT_OF_STOCK', detail: reason }));
  }
  const reserved: Reservation = { kind: 'reservation', orderId, status: 'RESERVED', items };
  const stock = moved(state.stock, items, (of, units) => ({
    ...of,
    available: of.available - units,
    reserved: of.reserved + units,
  }));
  return decided({ reservation: reserved, stock }, InventoryReserved({ orderId, items }));
}

/** Puts the units of an order whose shipment was refused back. */
export function shipmentRefused(_: Ordered, state: InventoryState) {
  return state.reservation === undefined
    ? ignored('nothing is reserved for this order')
    : release(state.reservation, 'SHIPMENT_REFUSED', state);
}

/** Puts the units of a cancelled order back, or remembers not to set any aside when its payment arrives later. */
export function cancelOrder({ orderId }: Ordered, state: InventoryState) {
  if (state.reservation !== undefined) return release(state.reservation, 'ORDER_CANCELLED', state);
  const tombstone: Reservation = { kind: 'reservation', orderId, status: 'VOID' };
  return decided({ ...state, reservation: tombstone });
}

/** The order is on its way: what was set aside has left the warehouse. */
export function ship({ orderId }: Ordered, state: InventoryState) {
  if (state.reservation?.status !== 'RESERVED') return ignored('nothing is reserved for this order');
  const { items } = state.reservation;
  const shipped: Reservation = { kind: 'reservation', orderId, status: 'SHIPPED', items };
  const stock = moved(state.stock, items, (of, units) => ({
    ...of,
    reserved: of.reserved - units,
    shipped: of.shipped + units,
  }));
  return decided({ reservation: shipped, stock });
}

/** Takes units in. A product that is not kept is refused: products are made by whoever owns the catalogue. */
export function restock(
  { sku, quantity, reason }: RestockRequest,
  state: InventoryState,
  { id }: Context,
): CommandDecision<InventoryState, never> {
  if (!state.stock.has(sku)) return rejected(unknownProduct(sku));
  const stock = moved(state.stock, [{ sku, quantity }], (of, units) => ({
    ...of,
    available: of.available + units,
    restocked: of.restocked + units,
  }));
  return decided({ stock, restocking: { kind: 'restock', id, sku, quantity, reason } });
}

export function unknownProduct(sku: string): DomainError {
  return new DomainError({
    code: 'PRODUCT_UNKNOWN',
    status: 404,
    title: 'The product is not kept in stock',
    detail: `There is no product ${sku} in stock: GET /stock lists those that there are.`,
  });
}

function release(reservation: Reservation, reason: ReleaseReason, state: InventoryState) {
  if (reservation.status !== 'RESERVED') return ignored(whyNotReleased(reservation.status));
  const { orderId, items } = reservation;
  const released: Reservation = { kind: 'reservation', orderId, status: 'RELEASED', items, reason };
  const stock = moved(state.stock, items, (of, units) => ({
    ...of,
    available: of.available + units,
    reserved: of.reserved - units,
  }));
  return decided({ reservation: released, stock }, InventoryReleased({ orderId, items, reason }));
}

function whyNotAgain(status: Reservation['status']): string {
  switch (status) {
    case 'VOID':
      return 'the order was cancelled before its payment arrived';
    case 'RESERVED':
    case 'SHIPPED':
    case 'RELEASED':
    case 'FAILED':
      return 'this order was answered before: one reservation for each order';
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

/** Lines of the same product become one, so that two of them cannot each take the last unit. */
function merged(lines: readonly Item[]): readonly Item[] {
  const units = new Map<string, number>();
  for (const { sku, quantity } of lines) {
    if (!Number.isSafeInteger(quantity) || quantity < 1) {
      throw new Terminal('QUANTITY_INVALID', `${quantity} units of ${sku} were ordered: a quantity is 1 or more.`);
    }
    units.set(sku, (units.get(sku) ?? 0) + quantity);
  }
  return [...units].map(([sku, quantity]) => ({ sku, quantity }));
}

/** The first product of which there is not enough, as a sentence; undefined when there is enough of each. */
function shortage(items: readonly Item[], stock: ReadonlyMap<string, Stock>): string | undefined {
  const short = items.find(({ sku, quantity }) => (stock.get(sku)?.available ?? 0) < quantity);
  if (short === undefined) return undefined;
  const left = stock.get(short.sku)?.available;
  return left === undefined
    ? `${short.sku} is not kept in stock.`
    : `Of ${short.sku} there are ${left} left, and ${short.quantity} were ordered.`;
}

type Move = (of: Stock, units: number) => Stock;

/** The stock after `move` of each item. Products that are not concerned keep their object, and so are not written. */
function moved(stock: ReadonlyMap<string, Stock>, items: readonly Item[], move: Move): ReadonlyMap<string, Stock> {
  const after = new Map(stock);
  for (const { sku, quantity } of items) {
    const before = after.get(sku);
    if (before === undefined) {
      throw new Terminal('STOCK_MISSING', `${sku} is reserved for this order, but the message does not list it.`);
    }
    const now = move(before, quantity);
    if (Math.min(now.available, now.reserved, now.shipped) < 0) {
      throw new Terminal('STOCK_NEGATIVE', `${quantity} units of ${sku} would leave a count below zero: ${JSON.stringify(now)}`);
    }
    after.set(sku, now);
  }
  return after;
}
