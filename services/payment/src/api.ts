import { type ApiContext, get, post, type Route } from '@troupe/chassis';
import type { PrismaClient } from '@troupe/payment-database';
import { z } from 'zod';
import { DecideApproval } from './charging.ts';
import { type Known, paymentNotFound } from './payment.ts';
import { RetryRefund } from './refunding.ts';
import { findPayment, type PaymentRow, rowOf } from './repository.ts';

const params = z.object({ orderId: z.uuid().toLowerCase() });

const paymentView = z.object({
  orderId: z.uuid(),
  status: z
    .enum(['AWAITING_APPROVAL', 'CHARGING', 'COMPLETED', 'FAILED', 'REFUNDING', 'REFUND_FAILED', 'REFUNDED', 'VOID'])
    .describe('VOID: the order came to nothing before its creation was heard of.'),
  paymentId: z.uuid().optional(),
  amount: z.number().int().optional().describe('Minor units of the currency.'),
  currency: z.string().optional(),
  reason: z.string().optional().describe('Why no money was taken, or why it goes back.'),
  detail: z.string().optional().describe('The same for people; of a refused refund, what the provider said.'),
  approvalExpiresAt: z.iso.datetime().optional(),
  chargeId: z.string().optional().describe("The provider's reference of the charge."),
  refundId: z.string().optional().describe("The provider's reference of the refund."),
  refundAttempts: z.number().int().optional().describe('How often the provider has refused the refund.'),
  nextAttemptAt: z.iso.datetime().optional().describe('When a refused refund is tried again by itself; absent: never.'),
});
const datedView = paymentView.extend({ createdAt: z.iso.datetime(), updatedAt: z.iso.datetime() });

const approvalBody = z.strictObject({
  decision: z.enum(['approve', 'reject']),
  reason: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .refine((text) => !/[\p{Cc}\p{Cs}]/u.test(text), 'A reason is plain text without control characters.')
    .optional()
    .describe('Why; the customer reads it.'),
});

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
      answer: ({ state }) => ({ status: 200, body: stateView(state) }),
    }),
    post<Known>()('/payments/:orderId/refund/retry', {
      summary: 'Ask the provider again, at once, for a refund that it refused',
      params,
      body: z.strictObject({}),
      response: paymentView,
      command: ({ params: { orderId } }) => RetryRefund({ orderId }),
      answer: ({ state }) => ({ status: 202, body: stateView(state) }),
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
