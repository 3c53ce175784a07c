import { call, DomainError, timer } from '@troupe/chassis';
import type { PaymentFailure, PaymentItem, RefundReason } from '@troupe/schemas';
import type { Style } from '@troupe/shop';

/** What is to be paid. Never changes. */
export interface Due extends Style {
  readonly orderId: string;
  readonly paymentId: string;
  readonly customerId: string;
  readonly items: readonly PaymentItem[];
  /** Minor units of `currency`. */
  readonly amount: number;
  /** ISO 4217 code. */
  readonly currency: string;
}

/** A person has to approve or reject before `approvalExpiresAt`. */
export interface AwaitingApproval extends Due {
  readonly status: 'AWAITING_APPROVAL';
  /** The customer's means of payment at the provider; kept only until it is charged. */
  readonly paymentToken: string;
  readonly approvalExpiresAt: Date;
}

/** The provider was asked and has not answered yet. */
export interface Charging extends Due {
  readonly status: 'CHARGING';
  /** The order was cancelled meanwhile: if money is taken, it goes back at once. */
  readonly undoReason?: RefundReason;
}

/** The provider has taken the money. */
export interface Completed extends Due {
  readonly status: 'COMPLETED';
  readonly chargeId: string;
}

/** No money was or will be taken. */
export interface Failed extends Due {
  readonly status: 'FAILED';
  readonly failure: PaymentFailure;
  readonly detail: string;
}

interface Undoing extends Due {
  readonly chargeId: string;
  /** Why the money goes back. */
  readonly undoReason: RefundReason;
  /** How often the provider has refused to give it back. */
  readonly refundAttempts: number;
}

/** The provider was asked to give the money back and has not answered yet. It may have done so. */
export interface Refunding extends Undoing {
  readonly status: 'REFUNDING';
}

/** The provider refused to give the money back, so the customer is still owed it. No request is under way. */
export interface RefundFailed extends Undoing {
  readonly status: 'REFUND_FAILED';
  /** What the provider said. */
  readonly detail: string;
  /** When it is asked again by itself; absent: a person must act. */
  readonly nextAttemptAt?: Date;
}

/** The provider has given the money back. */
export interface Refunded extends Undoing {
  readonly status: 'REFUNDED';
  readonly refundId: string;
}

/** The provider refused, and a person settled it by hand, for example by bank transfer. The provider is never asked again. */
export interface Resolved extends Undoing {
  readonly status: 'RESOLVED';
  /** How, in that person's words. */
  readonly detail: string;
}

/** A tombstone: the cancellation came before the order itself, so it is never charged. */
export interface Void {
  readonly status: 'VOID';
  readonly orderId: string;
}

/** One for each order. */
export type Payment =
  | AwaitingApproval
  | Charging
  | Completed
  | Failed
  | Refunding
  | RefundFailed
  | Refunded
  | Resolved
  | Void;

/** The payment of a message's order; undefined before the first message about it. */
export type Known = Payment | undefined;

/** The settings of the rules. */
export interface PaymentRules {
  /** An amount above this needs a person's approval; minor units. */
  readonly approvalLimitCents: number;
  /** How long a person has to decide. */
  readonly approvalTimeoutMs: number;
  /** How long after the first refusal a refund is tried again; doubles with each refusal. */
  readonly refundRetryMs: number;
}

export interface ChargeRequest {
  readonly orderId: string;
  readonly amount: number;
  readonly currency: string;
  readonly paymentToken: string;
}
export type ChargeOutcome =
  | { readonly kind: 'charged'; readonly chargeId: string }
  /** The means of payment was declined; `detail` is what the provider said. */
  | { readonly kind: 'declined'; readonly detail: string }
  /** The provider refused the charge for another reason, or a person ended the call; `detail` is for the customer. */
  | { readonly kind: 'refused'; readonly detail: string };

export interface RefundRequest {
  readonly orderId: string;
  readonly chargeId: string;
  readonly amount: number;
}
export type RefundOutcome =
  | { readonly kind: 'refunded'; readonly refundId: string }
  /** `detail` is what the provider said, or the person who ended the call; then it is not tried again by itself. */
  | { readonly kind: 'refused'; readonly detail: string; readonly byHand?: true };

/** The data of timers and commands that need no more than the order. */
export interface OfOrder {
  readonly orderId: string;
}

/** Takes the money, once for each order, however often it is asked. */
export const Charge = call<'Charge', ChargeRequest, ChargeOutcome>('Charge', ({ orderId }) => orderId);
/** Gives the money back, once for each order, however often it is asked; a refusal may be followed by another try. */
export const Refund = call<'Refund', RefundRequest, RefundOutcome>('Refund', ({ orderId }) => orderId);
/** Fires when a refused refund is to be tried again. */
export const RefundRetry = timer('RefundRetry', ({ orderId }: OfOrder) => orderId);
/** Fires when nobody has decided in time. */
export const ApprovalExpiry = timer('ApprovalExpiry', ({ orderId }: OfOrder) => orderId);

/** The fields that stay the same in every state. */
export function dueOf({ orderId, paymentId, customerId, items, amount, currency, orchestrated }: Due): Due {
  return { orderId, paymentId, customerId, items, amount, currency, ...(orchestrated && { orchestrated }) };
}

/** The provider is being asked; its answer comes without a person. */
export function isUnderWay(status: Payment['status']): boolean {
  switch (status) {
    case 'CHARGING':
    case 'REFUNDING':
      return true;
    case 'AWAITING_APPROVAL':
    case 'COMPLETED':
    case 'FAILED':
    case 'REFUND_FAILED':
    case 'REFUNDED':
    case 'RESOLVED':
    case 'VOID':
      return false;
    default:
      return status satisfies never;
  }
}

export function paymentNotFound(orderId: string): DomainError {
  return new DomainError({
    code: 'PAYMENT_NOT_FOUND',
    status: 404,
    title: 'There is no such payment',
    detail: `No payment is known for order ${orderId}. A new order reaches payment a moment after it was placed.`,
  });
}

export function notAwaitingApproval(payment: Payment): DomainError {
  return new DomainError({
    code: 'PAYMENT_NOT_AWAITING_APPROVAL',
    status: 409,
    title: 'The payment does not await an approval',
    detail: `The payment of order ${payment.orderId} is ${payment.status}: there is nothing to approve or reject.`,
  });
}

/** Refused while the provider is being asked: it may give the money back just now, and a person would do it twice. */
export function refundNotFailed(payment: Payment): DomainError {
  const { orderId, status } = payment;
  const wait = 'the provider is being asked at this moment: wait for its answer.';
  const none = 'only a refund that failed can be retried or resolved.';
  return new DomainError({
    code: status === 'REFUNDING' ? 'REFUND_UNDER_WAY' : 'REFUND_NOT_FAILED',
    status: 409,
    title: status === 'REFUNDING' ? 'The refund is under way' : 'The payment has no refund that failed',
    detail: `The payment of order ${orderId} is ${status}: ${status === 'REFUNDING' ? wait : none}`,
  });
}
