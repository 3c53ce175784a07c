import { z } from 'zod';
import type { Known } from './payment.ts';
import { type findPayment, type PaymentRow, rowOf } from './repository.ts';

export const paymentView = z.object({
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
      'REFUNDED: by the provider. RESOLVED: by hand, after the provider refused. VOID: the order was cancelled before it arrived here.',
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

export const datedView = paymentView.extend({ createdAt: z.iso.datetime(), updatedAt: z.iso.datetime() });

/** A payment as a command left it. */
export function viewOfState(payment: Known) {
  if (payment === undefined) throw new Error('A command that was not rejected left no payment behind.');
  return viewOf(rowOf(payment));
}

/** A payment as it is stored, with its moments. */
export function viewOfRow({ createdAt, updatedAt, ...row }: NonNullable<Awaited<ReturnType<typeof findPayment>>>) {
  return { ...viewOf(row), createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}

type Seen = Omit<PaymentRow, 'amount' | 'status' | 'orchestrated'> & {
  readonly amount: number | bigint | null;
  readonly status: string;
};

/** What clients see; the means of payment is not for them. */
function viewOf(row: Seen) {
  const { orderId, status, paymentId, currency, detail, chargeId, refundId, refundAttempts } = row;
  const view = {
    orderId,
    status,
    paymentId,
    amount: row.amount === null ? null : Number(row.amount),
    currency,
    reason: row.failure ?? row.undoReason,
    detail,
    chargeId,
    refundId,
    refundAttempts,
    approvalExpiresAt: row.approvalExpiresAt?.toISOString() ?? null,
    nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
  };
  return Object.fromEntries(Object.entries(view).filter(([, value]) => value !== null));
}
