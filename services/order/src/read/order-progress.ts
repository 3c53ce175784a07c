import { isOver, type OrderState, type Recorded, replay } from '../domain/order.ts';

/** Where an order stands: who has to act next, and until when, as far as the order has heard. */
export interface OrderProgress {
  readonly orderId: string;
  readonly status: OrderState['standing']['status'];
  /** Who owes the next step. */
  readonly owes: 'payment' | 'inventory' | 'shipping' | 'order';
  /** The events of which one is expected next. */
  readonly expected: readonly string[];
  readonly since: Date;
  /** How long after `since` it may take; 0: it needs attention. */
  readonly allowedMs: number;
  /** The last event of the order's stream. */
  readonly lastEvent: Recorded['event']['type'];
  /** What needs attention, for people; only with NEEDS_ATTENTION. */
  readonly cause?: string;
  readonly overdue: boolean;
}

type Owed = Pick<OrderProgress, 'owes' | 'expected'> & { readonly since?: Date; readonly allowedMs?: number };

const MONEY_BACK: Owed = { owes: 'payment', expected: ['PaymentRefunded', 'PaymentRefundFailed'] };
const UNDOING: Owed = { owes: 'order', expected: ['OrderCancelled'] };
const MONEY: Owed = { owes: 'payment', expected: ['PaymentCompleted', 'PaymentFailed', 'PaymentApprovalRequired'] };
const DECISION: Owed = { owes: 'payment', expected: ['PaymentCompleted', 'PaymentFailed'] };
const STOCK: Owed = { owes: 'inventory', expected: ['InventoryReserved', 'InventoryFailed'] };
const SHIPMENT: Owed = { owes: 'shipping', expected: ['ShipmentScheduled', 'ShipmentFailed'] };

/**
 * Where an order stands, from its own stream. Undefined when nothing is owed any more.
 *
 * @param stepMs how long one step may take
 */
export function standsAt(stream: readonly Recorded[], now: Date, stepMs: number): OrderProgress | undefined {
  const state = replay(stream)?.state;
  const last = stream.at(-1);
  if (state === undefined || last === undefined || isOver(state)) return undefined;
  const { owes, expected, since = last.at, allowedMs = stepMs } = owed(state, stream, now, stepMs);
  const { standing, orderId } = state;
  const cause = standing.status === 'NEEDS_ATTENTION' ? { cause: `${standing.reason}: ${standing.detail}` } : {};
  const overdue = now.getTime() - since.getTime() >= allowedMs;
  return {
    orderId,
    status: standing.status,
    owes,
    expected,
    since,
    allowedMs,
    lastEvent: last.event.type,
    ...cause,
    overdue,
  };
}

function owed(state: OrderState, stream: readonly Recorded[], now: Date, stepMs: number): Owed {
  const { standing } = state;
  switch (standing.status) {
    case 'NEEDS_ATTENTION':
      return { ...(standing.reason === 'REFUND_FAILED' ? MONEY_BACK : UNDOING), since: standing.since, allowedMs: 0 };
    case 'AWAITING_APPROVAL':
      return { ...DECISION, since: standing.since, allowedMs: decisionMs(stream, standing.since) + stepMs };
    case 'CANCELLED':
      return MONEY_BACK;
    case 'PENDING': {
      const deadline = deadlineOf(state, stream);
      const own: Owed = { owes: 'order', expected: ['OrderCancelled'], since: deadline };
      return now.getTime() - deadline.getTime() >= stepMs ? own : nextOf(state);
    }
    default:
      return MONEY_BACK;
  }
}

/** What moves an open order on. The order does not hear of the release before a refund. */
function nextOf({ failure, stockReserved, money }: OrderState): Owed {
  if (failure !== undefined) return MONEY_BACK;
  if (stockReserved) return SHIPMENT;
  return money === 'TAKEN' ? STOCK : MONEY;
}

/** When the order ends itself: counted from its start, or anew from the charge after an approval. */
function deadlineOf({ deadlineMs, placedAt }: OrderState, stream: readonly Recorded[]): Date {
  const approved = stream.some(({ event }) => event.type === 'ApprovalAwaited');
  const paid = stream.find(({ event }) => event.type === 'PaymentReceived');
  const from = approved && paid !== undefined ? paid.at : placedAt;
  return new Date(from.getTime() + deadlineMs);
}

/** How long a person has to decide. */
function decisionMs(stream: readonly Recorded[], since: Date): number {
  for (const { event } of stream) {
    if (event.type === 'ApprovalAwaited') return Date.parse(event.data.expiresAt) - since.getTime();
  }
  return 0;
}
