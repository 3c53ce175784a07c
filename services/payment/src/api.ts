import { type ApiContext, get, post, type Route, reason } from '@troupe/chassis';
import type { PrismaClient } from '@troupe/payment-database';
import { z } from 'zod';
import { DecideApproval } from './charging.ts';
import { type Known, paymentNotFound } from './payment.ts';
import { ResolveRefund, RetryRefund } from './refunding.ts';
import { findPayment, type PaymentRow, rowOf } from './repository.ts';

const params = z.object({ orderId: z.uuid().toLowerCase() });

const paymentView = z.object({
  orderId: z.uuid(),
  status: z
    .enum([
      'AWAITING_APPROVAL',
      'CHARGING',
      'COMPLETED',
      'FAILED',
      'REFUNDING',
      'REFUND_FAILED',
      'REFUNDED',
      'RESOLVED',
      'VOID',
    ])
    .describe(
      'REFUNDED: by the provider. RESOLVED: by hand, after the provider refused. VOID: the order came to nothing before its creation was heard of.',
    ),
  paymentId: z.uuid().optional(),
  amount: z.number().int().optional().describe('Minor units of the currency.'),
  currency: z.string().optional(),
  reason: z.string().optional().describe('Why no money was taken, or why it goes back.'),
  detail: z
    .string()
    .optional()
    .describe('The same for people; of a refused refund, what the provider said; of a resolved one, how.'),
  approvalExpiresAt: z.iso.datetime().optional(),
  chargeId: z.string().optional().describe("The provider's reference of the charge."),
  refundId: z.string().optional().describe("The provider's reference of the refund."),
  refundAttempts: z.number().int().optional().describe('How often the provider has refused the refund.'),
  nextAttemptAt: z.iso.datetime().optional().describe('When a refused refund is tried again by itself; absent: never.'),
});
const datedView = paymentView.extend({ createdAt: z.iso.datetime(), updatedAt: z.iso.datetime() });

const approvalBody = z.strictObject({
  decision: z.enum(['approve', 'reject']),
  reason: reason.optional().describe('Why; the customer reads it.'),
});
const retryBody = z.strictObject({ reason: reason.optional().describe('Why; for the audit trail.') });
const resolveBody = z.strictObject({ reason: reason.describe('How it was settled; for the audit trail.') });

export function paymentApi({ database }: ApiContext<PrismaClient, unknown>): readonly Route<Known>[] {
  return [
    get('/payments/:orderId', {
      summary: 'The payment of an order',
      params,
      response: datedView,
      async handle({ params: { orderId } }) {
        const row = await findPayment(database, orderId);
        if (row === null) throw paymentNotFound(orderId);
        const { createdAt, updatedAt } = row;
        const moments = { createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
        return { status: 200, body: { ...viewOf(row), ...moments } };
      },
    }),
    post<Known>()('/payments/:orderId/approval', {
      summary: 'Approve or reject a payment above the limit; what was approved is charged at once',
      params,
      body: approvalBody,
      response: paymentView,
      command: ({ params: { orderId }, body }) => DecideApproval({ orderId, ...body }),
      act: ({ params, body }) => ({ act: `approval.${body.decision}`, target: params.orderId, reason: body.reason }),
      answer: ({ state }) => ({ status: 200, body: stateView(state) }),
    }),
    post<Known>()('/payments/:orderId/refund/retry', {
      summary: 'Ask the provider again, at once, for a refund that it refused',
      params,
      body: retryBody,
      response: paymentView,
      command: ({ params: { orderId } }) => RetryRefund({ orderId }),
      act: ({ params, body }) => ({ act: 'refund.retry', target: params.orderId, reason: body.reason }),
      answer: ({ state }) => ({ status: 202, body: stateView(state) }),
    }),
    post<Known>()('/payments/:orderId/refund/resolve', {
      summary: 'Settle by hand a refund that the provider refuses; the order then ends as if it had been given back',
      params,
      body: resolveBody,
      response: paymentView,
      command: ({ params: { orderId }, body }) => ResolveRefund({ orderId, ...body }),
      act: ({ params, body }) => ({ act: 'refund.resolve', target: params.orderId, reason: body.reason }),
      answer: ({ state }) => ({ status: 200, body: stateView(state) }),
    }),
  ];
}

function stateView(payment: Known) {
  if (payment === undefined) throw new Error('A command that was not rejected left no payment behind.');
  return viewOf(rowOf(payment));
}

/** What clients see; the means of payment is not for them. */
function viewOf(row: Omit<PaymentRow, 'amount' | 'status'> & { amount: number | bigint | null; status: string }) {
  const { orderId, status, paymentId, currency, detail, chargeId, refundId, refundAttempts } = row;
  const view = {
    ...{ orderId, status, paymentId, amount: row.amount === null ? null : Number(row.amount), currency },
    ...{ reason: row.failure ?? row.undoReason, detail, chargeId, refundId, refundAttempts },
    approvalExpiresAt: row.approvalExpiresAt?.toISOString() ?? null,
    nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
  };
  return Object.fromEntries(Object.entries(view).filter(([, value]) => value !== null));
}
