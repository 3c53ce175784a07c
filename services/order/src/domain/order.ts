import { type SagaLog, Terminal } from '@troupe/chassis';

/** One line of an order, at the price of the moment it was placed; `unitPrice` in minor units. */
export interface PricedItem {
  readonly sku: string;
  readonly quantity: number;
  readonly unitPrice: number;
}

/** Why an order was cancelled, for programs and for people. */
export interface Ending {
  readonly reason:
    | 'CUSTOMER'
    | 'PAYMENT_DECLINED'
    | 'PAYMENT_REFUSED'
    | 'APPROVAL_REJECTED'
    | 'APPROVAL_TIMEOUT'
    | 'OUT_OF_STOCK'
    | 'SHIPMENT_REFUSED'
    | 'TIMEOUT'
    | 'UNKNOWN';
  readonly detail: string;
}

/** What the customer ordered. Never changes. */
export interface Placement {
  readonly orderId: string;
  readonly customerId: string;
  readonly items: readonly PricedItem[];
  /** Sum of all lines, in minor units of `currency`. */
  readonly total: number;
  /** ISO 4217 code. */
  readonly currency: string;
  /** How long the order may take, without the wait for an approval. */
  readonly deadlineMs: number;
  /** True: orchestrated. Absent: choreographed. It never changes. */
  readonly orchestrated?: true;
}

/**
 * The order's own stream. It is stored, the state is folded from it, and `GET /orders/:orderId/history` and the stream of
 * server-sent events show it. It is stored for ever: add optional fields and new types, but never change a meaning.
 * Moments are ISO 8601, amounts are minor units.
 */
export type OrderEvent =
  | { readonly type: 'OrderPlaced'; readonly data: Placement }
  | { readonly type: 'ApprovalAwaited'; readonly data: { readonly limit?: number; readonly expiresAt: string } }
  | { readonly type: 'PaymentReceived'; readonly data: { readonly paymentId: string; readonly amount: number } }
  | { readonly type: 'StockReserved'; readonly data: Readonly<Record<never, never>> }
  | { readonly type: 'ReservationFailed' | 'ShipmentRefused' | 'OrderCancelled'; readonly data: Ending }
  | { readonly type: 'OrderConfirmed'; readonly data: Shipment }
  | { readonly type: 'RefundFailed'; readonly data: RefusedRefund }
  | { readonly type: 'AllUndone'; readonly data: Readonly<Record<never, never>> }
  | { readonly type: 'CompensationFailed'; readonly data: { readonly step: string; readonly detail: string } }
  | { readonly type: 'MoneyReturned'; readonly data: ReturnedMoney };

export interface Shipment {
  readonly shipmentId: string;
  readonly carrier: string;
  readonly trackingNumber: string;
}

export interface ReturnedMoney {
  readonly paymentId: string;
  readonly amount: number;
  /** Settled by a person; absent: given back by the provider. */
  readonly byHand?: true;
}

export interface RefusedRefund {
  /** Refused attempts so far. */
  readonly attempts: number;
  readonly detail: string;
  /** When it is tried again by itself; null: a person must act. */
  readonly nextAttemptAt: string | null;
}

/** Where the order stands, and since when: what its customer sees. */
export type Standing = { readonly since: Date } & (
  | { readonly status: 'PENDING' | 'AWAITING_APPROVAL' | 'CONFIRMED' }
  | ({ readonly status: 'CANCELLED' } & Ending)
  | {
      readonly status: 'NEEDS_ATTENTION';
      readonly reason: 'REFUND_FAILED' | 'COMPENSATION_FAILED';
      readonly detail: string;
      /** The data of OrderCancelled, if it was emitted before the refund failed. */
      readonly cancelled?: Ending | undefined;
    }
);
export type OrderStatus = Standing['status'];

/** What the rules know of an order. `standing` is a new object exactly when what the customer sees has changed. */
export interface OrderState extends Placement {
  readonly placedAt: Date;
  readonly standing: Standing;
  /** As far as the order has heard. The payment service knows the truth. */
  readonly money: 'NOT_TAKEN' | 'TAKEN' | 'RETURNED';
  readonly refusedRefunds: number;
  readonly stockReserved: boolean;
  /** Until when a person could approve the payment, if one had to. */
  readonly approvalUntil?: Date;
  /** Why the order cannot be fulfilled. It is known before the money is back, so before the order ends. */
  readonly failure?: Ending;
}

/** The state after one more event. An event that means nothing in a state leaves the state as it is. */
export function evolve(state: OrderState | undefined, event: OrderEvent, at: Date): OrderState {
  if (event.type === 'OrderPlaced') return placed(event.data, at);
  if (state === undefined) {
    throw new Terminal('ORDER_STREAM_BROKEN', `The stream of an order starts with ${event.type}: restore OrderPlaced.`);
  }
  switch (event.type) {
    case 'ApprovalAwaited':
      return {
        ...state,
        approvalUntil: new Date(event.data.expiresAt),
        standing: { status: 'AWAITING_APPROVAL', since: at },
      };
    case 'PaymentReceived':
      return { ...state, money: 'TAKEN', standing: approved(state.standing, at) };
    case 'StockReserved':
      return { ...state, stockReserved: true };
    case 'ReservationFailed':
    case 'ShipmentRefused':
      return { ...state, failure: event.data };
    case 'OrderConfirmed':
      return { ...state, standing: { status: 'CONFIRMED', since: at } };
    case 'OrderCancelled':
      return { ...state, standing: { status: 'CANCELLED', since: at, ...event.data } };
    case 'RefundFailed':
      return {
        ...state,
        refusedRefunds: event.data.attempts,
        standing: attention('REFUND_FAILED', state.standing, { detail: event.data.detail, at }),
      };
    case 'CompensationFailed':
      return {
        ...state,
        standing: attention('COMPENSATION_FAILED', state.standing, { detail: event.data.detail, at }),
      };
    case 'AllUndone':
      return { ...state, standing: nothingOwed(state.standing, at) };
    case 'MoneyReturned':
      return { ...state, money: 'RETURNED', standing: moneyBack(state.standing, at) };
    default:
      return unknownEvent(event);
  }
}

function placed(placement: Placement, at: Date): OrderState {
  const standing = { status: 'PENDING', since: at } as const;
  return { ...placement, placedAt: at, standing, money: 'NOT_TAKEN', refusedRefunds: 0, stockReserved: false };
}

function approved(standing: Standing, since: Date): Standing {
  return standing.status === 'AWAITING_APPROVAL' ? { status: 'PENDING', since } : standing;
}

function attention(
  reason: 'REFUND_FAILED' | 'COMPENSATION_FAILED',
  standing: Standing,
  { detail, at }: { readonly detail: string; readonly at: Date },
): Standing {
  return { status: 'NEEDS_ATTENTION', reason, detail, since: at, cancelled: endingOf(standing) };
}

/** The money is back. An order that needs attention for another reason still needs it. */
function moneyBack(standing: Standing, since: Date): Standing {
  const other = standing.status === 'NEEDS_ATTENTION' && standing.reason !== 'REFUND_FAILED';
  return other ? standing : nothingOwed(standing, since);
}

function nothingOwed(standing: Standing, since: Date): Standing {
  if (standing.status !== 'NEEDS_ATTENTION' || standing.cancelled === undefined) return standing;
  return { status: 'CANCELLED', since, ...standing.cancelled };
}

function endingOf(standing: Standing): Ending | undefined {
  if (standing.status === 'NEEDS_ATTENTION') return standing.cancelled;
  return standing.status === 'CANCELLED' ? { reason: standing.reason, detail: standing.detail } : undefined;
}

function unknownEvent(event: never): never {
  const { type } = event as { readonly type: string };
  throw new Terminal(
    'ORDER_EVENT_UNKNOWN',
    `An order's stream holds ${type}, which this version does not know: update it.`,
  );
}

/** One event of a stream with its position. Versions count from 1 without gaps. */
export interface Recorded {
  readonly version: number;
  readonly at: Date;
  readonly event: OrderEvent;
}

/** The row that is locked, loaded and saved: the state, the number of its events, and the events not yet stored. */
export interface Order {
  readonly state: OrderState;
  readonly version: number;
  readonly pending: readonly Recorded[];
  /** Whether `pending` changes the projection: what the customer sees, or whether the order is over. */
  readonly standingChanged: boolean;
  /** The saga log, of an orchestrated order only. */
  readonly saga?: SagaLog;
  /** Present when the log is not yet stored. */
  readonly sagaChanged?: true;
}

/** Appends events to an order, or starts one. */
export function record(order: Order | undefined, at: Date, ...events: readonly [OrderEvent, ...OrderEvent[]]): Order {
  const [first, ...others] = events;
  const state = others.reduce((before, event) => evolve(before, event, at), evolve(order?.state, first, at));
  const version = order?.version ?? 0;
  const added = events.map((event, index) => ({ version: version + index + 1, at, event }));
  return {
    ...order,
    state,
    version: version + events.length,
    pending: [...(order?.pending ?? []), ...added],
    standingChanged: order === undefined || order.standingChanged || restated(order.state, state),
  };
}

const restated = (before: OrderState, after: OrderState): boolean =>
  before.standing !== after.standing || isOver(before) !== isOver(after);

/** The order of a stored stream; undefined for an empty stream. */
export function replay(stream: readonly Recorded[]): Order | undefined {
  let state: OrderState | undefined;
  for (const { event, at } of stream) state = evolve(state, event, at);
  return state && { state, version: stream.length, pending: [], standingChanged: false };
}

/** Nothing more happens by itself; `GET /orders/:orderId?wait=` waits for this. */
export function isAtRest(status: OrderStatus): boolean {
  switch (status) {
    case 'CONFIRMED':
    case 'CANCELLED':
    case 'NEEDS_ATTENTION':
      return true;
    case 'PENDING':
    case 'AWAITING_APPROVAL':
      return false;
    default:
      return status satisfies never;
  }
}

/** The order has ended, and as far as it knows nothing is owed to the customer. Its server-sent events end here. */
export function isOver({ standing, money }: OrderState): boolean {
  return standing.status === 'CONFIRMED' || (standing.status === 'CANCELLED' && money !== 'TAKEN');
}
