import { type ApiContext, atRest, get, id, post, type Route, reason, wait } from '@troupe/chassis';
import type { PrismaClient } from '@troupe/payment-database';
import { z } from 'zod';
import { DecideApproval } from './charging.ts';
import { orchestratorRoutes } from './orchestrator-api.ts';
import { isUnderWay, type Known, type Payment, paymentNotFound } from './payment.ts';
import { ResolveRefund, RetryRefund } from './refunding.ts';
import { findPayment } from './repository.ts';
import { datedView, paymentView, viewOfRow, viewOfState } from './views.ts';

const params = z.object({ orderId: id });

const approvalBody = z.strictObject({
  decision: z.enum(['approve', 'reject']),
  reason: reason.optional().describe('Why; the customer reads it.'),
});
const retryBody = z.strictObject({ reason: reason.optional().describe('Why; for the audit trail.') });
const resolveBody = z.strictObject({ reason: reason.describe('How it was settled; for the audit trail.') });

export function paymentApi({ database, changes }: ApiContext<PrismaClient, unknown, Payment>): readonly Route<Known>[] {
  /** @throws DomainError 404 */
  async function look(orderId: string) {
    const row = await findPayment(database, orderId);
    if (row === null) throw paymentNotFound(orderId);
    return row;
  }

  return [
    get('/payments/:orderId', {
      summary:
        'The payment of an order; with `wait`, answered when the provider is not being asked: in all states but CHARGING and REFUNDING',
      params,
      query: z.object({ wait }),
      response: datedView,
      async handle({ params: { orderId }, query, signal }) {
        const answered = ({ status }: { status: string }) => !isUnderWay(status as Payment['status']);
        const waiting = { changes, key: orderId, waitMs: query.wait * 1_000, signal, worthALook: answered };
        return { status: 200, body: viewOfRow(await atRest(() => look(orderId), answered, waiting)) };
      },
    }),
    ...orchestratorRoutes(),
    post<Known>()('/payments/:orderId/approval', {
      summary: 'Approve or reject a payment above the limit; what was approved is charged at once',
      params,
      body: approvalBody,
      response: paymentView,
      command: ({ params: { orderId }, body }) => DecideApproval({ orderId, ...body }),
      act: ({ params, body }) => ({ act: `approval.${body.decision}`, target: params.orderId, reason: body.reason }),
      answer: ({ state }) => ({ status: 200, body: viewOfState(state) }),
    }),
    post<Known>()('/payments/:orderId/refund/retry', {
      summary: 'Ask the provider again, at once, for a refund that it refused',
      params,
      asked: 'by an orchestrator',
      body: retryBody,
      response: paymentView,
      command: ({ params: { orderId } }) => RetryRefund({ orderId }),
      act: ({ params, body }) => ({ act: 'refund.retry', target: params.orderId, reason: body.reason }),
      answer: ({ state }) => ({ status: 202, body: viewOfState(state) }),
    }),
    post<Known>()('/payments/:orderId/refund/resolve', {
      summary: 'Settle by hand a refund that the provider refuses; the order then ends as if it had been given back',
      params,
      asked: 'by an orchestrator',
      body: resolveBody,
      response: paymentView,
      command: ({ params: { orderId }, body }) => ResolveRefund({ orderId, ...body }),
      act: ({ params, body }) => ({ act: 'refund.resolve', target: params.orderId, reason: body.reason }),
      answer: ({ state }) => ({ status: 200, body: viewOfState(state) }),
    }),
  ];
}
