import { after, cancel, type Decided, type Decision, decided, type SagaCause, type StepAnswer } from '@troupe/chassis';
import { OrderCreated } from '@troupe/schemas';
import type { Charged, MoneyBack, Scheduled } from '../orchestrated/participants.ts';
import { type Ending, type Order, type OrderEvent, type PricedItem, record } from './order.ts';
import { awaitedForMs, cancelled, confirm, OrderDeadline } from './rules.ts';

// What the steps of an orchestrated saga mean for the order, as events of its own stream. They are the same as in the
// choreography, so a reader of an order need not know its style.

/** What is known of an order when its saga begins. */
export interface Start {
  readonly orderId: string;
  readonly customerId: string;
  readonly items: readonly PricedItem[];
  readonly amount: number;
  readonly currency: string;
  /** Kept until the payment is charged, and no longer. */
  readonly paymentToken: string;
}
export type Placed = Omit<Start, 'paymentToken'>;

type Waiting = Extract<StepAnswer, { kind: 'waiting' }>;
type Refusal = Extract<StepAnswer, { kind: 'refused' | 'unanswered' }>;

/** Announces the order with the same event as the choreography, marked as orchestrated. */
export function announce(order: Order, { context }: { readonly context: Start }): Decided<Order> {
  const { orderId, deadlineMs } = order.state;
  const { items, ...told } = context;
  return decided(
    order,
    OrderCreated({ ...told, items: [...items], orchestrated: true }),
    after(deadlineMs, OrderDeadline({ orderId })),
  );
}

/** Everything is undone. The order ends, unless it has ended before, for the reason that turned its saga back. */
export function end(order: Order, { cause, now }: { readonly cause: SagaCause | undefined; readonly now: Date }) {
  const { standing } = order.state;
  if (standing.status === 'CANCELLED') return decided(order);
  const endedBefore = standing.status === 'NEEDS_ATTENTION' && standing.cancelled !== undefined;
  if (endedBefore) return decided(record(order, now, { type: 'AllUndone', data: {} }));
  return cancelled(order, endingOf(cause), now);
}

/** Everything is done. */
export function complete(order: Order, { context, now }: { readonly context: Placed & Scheduled; readonly now: Date }) {
  return orAsItWas(order, confirm(context, order, { now, id: context.shipmentId }));
}

export function paid(order: Order, { paymentId, amount }: Charged, now: Date): Decided<Order> {
  const { standing, deadlineMs, orderId } = order.state;
  const recorded = record(order, now, { type: 'PaymentReceived', data: { paymentId, amount } });
  if (standing.status !== 'AWAITING_APPROVAL') return decided(recorded);
  return decided(recorded, after(deadlineMs, OrderDeadline({ orderId })));
}

/**
 * While a person decides, the approval's time-out counts; the order's deadline starts behind it. A participant that is merely
 * busy changes nothing.
 */
export function awaitsApproval(order: Order, { code, until }: Waiting, now: Date): Decided<Order> {
  const { standing, orderId } = order.state;
  if (code !== 'APPROVAL' || until === null || standing.status !== 'PENDING') return decided(order);
  const awaited = record(order, now, { type: 'ApprovalAwaited', data: { expiresAt: until } });
  return decided(awaited, after(awaitedForMs(awaited.state, now), OrderDeadline({ orderId })));
}

export function stockReserved(order: Order, _: unknown, now: Date): Decided<Order> {
  return decided(record(order, now, { type: 'StockReserved', data: {} }));
}

export const reservationFailed = failure('ReservationFailed', 'OUT_OF_STOCK');
export const shipmentRefused = failure('ShipmentRefused', 'SHIPMENT_REFUSED');

/** Recorded when the participant refused. The saga itself handles a missing answer. */
function failure(type: 'ReservationFailed' | 'ShipmentRefused', reason: Ending['reason']) {
  return (order: Order, answer: Refusal, now: Date): Decided<Order> => {
    if (answer.kind !== 'refused' || answer.code !== reason) return decided(order);
    return decided(record(order, now, { type, data: { reason, detail: answer.detail } }));
  };
}

export function moneyReturned(order: Order, { paymentId, amount, byHand }: MoneyBack, now: Date): Decided<Order> {
  if (paymentId === undefined) return decided(order);
  const data = { paymentId, amount, ...(byHand && ({ byHand } as const)) };
  return decided(record(order, now, { type: 'MoneyReturned', data }));
}

export function refundRefused(order: Order, { detail }: Refusal, now: Date): Decided<Order> {
  const attempts = order.state.refusedRefunds + 1;
  return needsAttention(order, { type: 'RefundFailed', data: { attempts, detail, nextAttemptAt: null } }, now);
}

/** Records that the compensation of a step failed. */
export function notUndone(step: string) {
  return (order: Order, { detail }: Refusal, now: Date): Decided<Order> =>
    needsAttention(order, { type: 'CompensationFailed', data: { step, detail } }, now);
}

/** The deadline no longer counts once the order is being undone. Later rounds record it again, which changes nothing. */
function needsAttention(order: Order, event: OrderEvent, now: Date): Decided<Order> {
  const { standing, orderId } = order.state;
  const known =
    standing.status === 'NEEDS_ATTENTION' && 'detail' in event.data && standing.detail === event.data.detail;
  return known ? decided(order) : decided(record(order, now, event), cancel(OrderDeadline, orderId));
}

/** For the participants, in their words. */
export function reasonOf(code: string | undefined): 'OUT_OF_STOCK' | 'SHIPMENT_REFUSED' | 'ORDER_CANCELLED' {
  return code === 'OUT_OF_STOCK' || code === 'SHIPMENT_REFUSED' ? code : 'ORDER_CANCELLED';
}

export function releaseReasonOf(code: string | undefined): 'SHIPMENT_REFUSED' | 'ORDER_CANCELLED' {
  return code === 'SHIPMENT_REFUSED' ? code : 'ORDER_CANCELLED';
}

const ENDINGS: ReadonlySet<string> = new Set<Ending['reason']>([
  'CUSTOMER',
  'PAYMENT_DECLINED',
  'PAYMENT_REFUSED',
  'APPROVAL_REJECTED',
  'APPROVAL_TIMEOUT',
  'OUT_OF_STOCK',
  'SHIPMENT_REFUSED',
  'TIMEOUT',
]);

/** For the customer. */
function endingOf(cause: SagaCause | undefined): Ending {
  const { code, detail } = cause ?? { code: 'UNKNOWN', detail: 'The order was cancelled.' };
  if (code === 'UNANSWERED') return { reason: 'TIMEOUT', detail: 'A part of the system did not answer in time.' };
  return { reason: ENDINGS.has(code) ? (code as Ending['reason']) : 'UNKNOWN', detail };
}

const orAsItWas = (order: Order, decision: Decision<Order>): Decided<Order> =>
  decision.kind === 'decided' ? decision : decided(order);
