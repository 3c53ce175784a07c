import { type Answered, type Context, call, decided, ignored } from '@troupe/chassis';
import { NotificationFailed, NotificationSent } from '@troupe/schemas';
import { approvalRequired, cancelled, confirmed, type Email, type Template } from './emails.ts';

/** A message to a customer: at most one of a template for each order. */
export type Notification = {
  readonly id: string;
  readonly orderId: string;
  readonly template: Template;
  readonly recipient: string;
  readonly subject: string;
} & (
  | { readonly status: 'PENDING' | 'SENT' }
  /** `detail` is what the mail server said. */
  | { readonly status: 'FAILED'; readonly detail: string }
);

export type NotificationState = Notification | undefined;

/** What is asked of the mail server. */
export interface SendRequest extends Email {
  readonly notificationId: string;
}

/** What the mail server answered. Without an answer there is no outcome, and it is asked again. */
export type SendOutcome =
  | { readonly kind: 'accepted'; readonly reply: string }
  | { readonly kind: 'refused'; readonly reply: string };

export const Send = call<'Send', SendRequest, SendOutcome>('Send', notificationKey);

/** Also the row's key, so an order never gets a second message of a template. */
export function notificationKey({ orderId, template }: Pick<Email, 'orderId' | 'template'>): string {
  return `${orderId}/${template}`;
}

type About<Write extends (fact: never) => Email> = Parameters<Write>[0];

/** Tells the customer that the order is on its way. */
export const tellConfirmed = (order: About<typeof confirmed>, known: NotificationState, context: Context) =>
  tell(confirmed(order), known, context);

/** Tells the customer that the order has ended, and why. */
export const tellCancelled = (order: About<typeof cancelled>, known: NotificationState, context: Context) =>
  tell(cancelled(order), known, context);

/** Tells the customer that a person looks at the payment first. */
export const tellApproval = (payment: About<typeof approvalRequired>, known: NotificationState, context: Context) =>
  tell(approvalRequired(payment), known, context);

/** Records the mail server's answer. */
export function settle({ outcome }: Answered<SendRequest, SendOutcome>, known: NotificationState) {
  if (known?.status !== 'PENDING') return ignored('this message was answered before');
  const { id: notificationId, orderId, template, recipient } = known;
  const about = { orderId, notificationId, template, recipient };
  switch (outcome.kind) {
    case 'accepted':
      return decided({ ...known, status: 'SENT' as const }, NotificationSent(about));
    case 'refused':
      return decided(
        { ...known, status: 'FAILED' as const, detail: outcome.reply },
        NotificationFailed({ ...about, detail: outcome.reply }),
      );
    default:
      return outcome satisfies never;
  }
}

function tell(email: Email, known: NotificationState, { id }: Context) {
  if (known !== undefined) return ignored('the customer was told already');
  const { orderId, template, recipient, subject } = email;
  const pending: Notification = { id, orderId, template, recipient, subject, status: 'PENDING' };
  return decided(pending, Send({ ...email, notificationId: id }));
}
