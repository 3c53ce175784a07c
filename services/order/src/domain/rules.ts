import {
  after,
  type Context,
  cancel,
  command,
  DomainError,
  decided,
  ignored,
  rejected,
  Terminal,
  timer,
} from '@troupe/chassis';
import {
  type EventOf,
  type InventoryFailed,
  type InventoryReserved,
  OrderCancelled,
  OrderConfirmed,
  OrderCreated,
  type ShipmentFailed,
  type ShipmentScheduled,
} from '@troupe/schemas';
import { type Ending, type Order, type OrderEvent, type OrderState, type Placement, record } from './order.ts';

/** The data of an event. */
export type Fact<Type> = EventOf<Type>['data'];
/** The order of a message; undefined before it is placed. */
export type Known = Order | undefined;

export interface PlaceRequest extends Placement {
  /** The customer's means of payment at the provider; passed on to payment, and not kept. */
  readonly paymentToken: string;
}
export interface CancelRequest {
  readonly orderId: string;
  readonly customerId: string;
}

export const PlaceOrder = command('PlaceOrder', (request: PlaceRequest) => request.orderId);
export const CancelOrder = command('CancelOrder', (request: CancelRequest) => request.orderId);
/** Fires when an order has not ended in time. While an approval is awaited, it lies behind the approval's time-out. */
export const OrderDeadline = timer('OrderDeadline', ({ orderId }: { readonly orderId: string }) => orderId);

/** How long an order may take when nothing else is set. */
export const ORDER_DEADLINE_MS = 60_000;

/** Accepts an order, at the prices of this moment. */
export function place({ paymentToken, ...placement }: PlaceRequest, known: Known, { now }: Context) {
  if (known !== undefined) return ignored('the order was placed before');
  const { orderId, customerId, items, total: amount, currency, deadlineMs } = placement;
  return decided(
    record(undefined, now, { type: 'OrderPlaced', data: placement }),
    OrderCreated({ orderId, customerId, items: [...items], amount, currency, paymentToken }),
    after(deadlineMs, OrderDeadline({ orderId })),
  );
}

/** Ends an order because its customer wants it. The services that did something for it undo that. */
export function cancelByCustomer({ orderId, customerId }: CancelRequest, order: Known, { now }: Context) {
  if (order?.state.customerId !== customerId) return rejected(orderNotFound(orderId));
  const { status } = order.state.standing;
  switch (status) {
    case 'PENDING':
    case 'AWAITING_APPROVAL':
      return cancelled(order, { reason: 'CUSTOMER', detail: 'You cancelled the order.' }, now);
    case 'CONFIRMED':
      return rejected(orderConfirmed(orderId));
    case 'CANCELLED':
      return ignored('the order is cancelled already');
    case 'NEEDS_ATTENTION':
      return ignored('the order is being undone already: its money is still to be given back');
    default:
      return status satisfies never;
  }
}

/** The shipment is scheduled, so the order is paid and reserved, also when those events have not arrived yet. */
export function confirm(
  { shipmentId, carrier, trackingNumber }: Fact<typeof ShipmentScheduled>,
  known: Known,
  { now }: Context,
) {
  const order = placed(known, 'ShipmentScheduled');
  if (!isOpen(order)) return tooLate(order);
  const { orderId, customerId, items, total: amount, currency } = order.state;
  return decided(
    record(order, now, { type: 'OrderConfirmed', data: { shipmentId, carrier, trackingNumber } }),
    OrderConfirmed({ orderId, customerId, items: unpriced(items), amount, currency }),
    cancel(OrderDeadline, orderId),
  );
}

/** Records progress. */
export function stockReserved(_: Fact<typeof InventoryReserved>, known: Known, { now }: Context) {
  const order = placed(known, 'InventoryReserved');
  if (!isOpen(order)) return tooLate(order);
  if (order.state.stockReserved) return ignored('the stock is known to be reserved');
  return decided(record(order, now, { type: 'StockReserved', data: {} }));
}

/** Records why the order will end when its money is back. */
export function reservationFailed({ detail }: Fact<typeof InventoryFailed>, known: Known, { now }: Context) {
  const order = placed(known, 'InventoryFailed');
  return failed(order, { type: 'ReservationFailed', data: { reason: 'OUT_OF_STOCK', detail } }, now);
}

/** Records why the order will end when its stock and money are back. */
export function shipmentRefused({ detail }: Fact<typeof ShipmentFailed>, known: Known, { now }: Context) {
  const order = placed(known, 'ShipmentFailed');
  return failed(order, { type: 'ShipmentRefused', data: { reason: 'SHIPMENT_REFUSED', detail } }, now);
}

/** Ends an order that has taken too long, with the cause as far as it is known. */
export function deadlinePassed({ orderId }: { readonly orderId: string }, known: Known, { now }: Context) {
  const order = placed(known, `OrderDeadline of ${orderId}`);
  const { standing, failure, deadlineMs, approvalUntil } = order.state;
  if (!isOpen(order)) return tooLate(order);
  const left = standing.status === 'AWAITING_APPROVAL' ? awaitedForMs(order.state, now) : 0;
  if (left > 0) return decided(order, after(left, OrderDeadline({ orderId })));
  const wait = approvalUntil === undefined ? '' : ', not counting the wait for an approval';
  const tooLong: Ending = {
    reason: 'TIMEOUT',
    detail: `The order did not come to its end within ${deadlineMs / 1000} s${wait}.`,
  };
  return cancelled(order, failure ?? tooLong, now);
}

/**
 * How long an order may still take whose payment a person has to approve: the approval's time-out, and behind it the time
 * of an order. So the order ends also when payment never answers again.
 */
export function awaitedForMs({ approvalUntil, standing, deadlineMs }: OrderState, now: Date): number {
  const from = Math.max(approvalUntil?.getTime() ?? 0, standing.since.getTime());
  return from + deadlineMs - now.getTime();
}

export function orderNotFound(orderId: string): DomainError {
  return new DomainError({
    code: 'ORDER_NOT_FOUND',
    status: 404,
    title: 'There is no such order',
    detail: `You have no order ${orderId}. GET /orders lists those that you have.`,
  });
}

function orderConfirmed(orderId: string): DomainError {
  return new DomainError({
    code: 'ORDER_CONFIRMED',
    status: 409,
    title: 'The order is confirmed and can no longer be cancelled',
    detail: `Order ${orderId} is on its way. Refuse the parcel or send it back to undo it.`,
  });
}

/** A stream begins in the transaction that creates the saga. An event without a stream is not ours, or we lost it. */
export function placed(known: Known, heard: string): Order {
  if (known === undefined)
    throw new Terminal('ORDER_UNKNOWN', `${heard} speaks of an order that was never placed here.`);
  return known;
}

/** The order has not ended. */
export const isOpen = ({ state }: Order): boolean =>
  state.standing.status === 'PENDING' || state.standing.status === 'AWAITING_APPROVAL';

export const tooLate = ({ state }: Order) => ignored(`it came too late: the order is ${state.standing.status}`);

function failed(order: Order, failure: OrderEvent, now: Date) {
  if (!isOpen(order)) return tooLate(order);
  if (order.state.failure !== undefined) return ignored('the order is known to have failed');
  return decided(record(order, now, failure));
}

/** Ends an order without success, and tells every service to undo what it did. */
export function cancelled(order: Order, ending: Ending, now: Date) {
  const { orderId, customerId, items } = order.state;
  return decided(
    record(order, now, { type: 'OrderCancelled', data: ending }),
    OrderCancelled({ orderId, customerId, items: unpriced(items), ...ending }),
    cancel(OrderDeadline, orderId),
  );
}

export const unpriced = (items: Placement['items']) => items.map(({ sku, quantity }) => ({ sku, quantity }));
