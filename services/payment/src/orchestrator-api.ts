import { id, post, type Route, text } from '@troupe/chassis';
import { z } from 'zod';
import { ChargeOrder } from './charging.ts';
import type { Known } from './payment.ts';
import { RefundOrder } from './undoing.ts';
import { paymentView, viewOfState } from './views.ts';

const orderId = id;

const chargeBody = z.strictObject({
  orderId,
  customerId: text(64),
  items: z
    .array(z.strictObject({ sku: text(64), quantity: z.number().int().min(1).max(1_000_000) }))
    .min(1)
    .max(100),
  amount: z.number().int().min(1).describe('Minor units of the currency.'),
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be a currency code of ISO 4217, such as USD'),
  paymentToken: text(200).describe('A reference that the payment provider gave; never card data.'),
});

const refundBody = z.strictObject({
  reason: z
    .enum(['OUT_OF_STOCK', 'SHIPMENT_REFUSED', 'ORDER_CANCELLED'])
    .describe('Why it is undone: a later step failed, or the order was cancelled.'),
});

/** The steps of an orchestrated order. A choreographed order is answered 409. */
export function orchestratorRoutes(): readonly Route<Known>[] {
  return [
    post<Known>()('/payments', {
      summary: 'For the orchestrator of an order: charge it, once; above the limit a person is asked first',
      asked: 'by an orchestrator',
      body: chargeBody,
      response: paymentView,
      command: ({ body }) => ChargeOrder(body),
      answer: ({ state }, { body }) => {
        return { status: 202, headers: { location: `/payments/${body.orderId}` }, body: viewOfState(state) };
      },
    }),
    post<Known>()('/payments/:orderId/refunds', {
      summary: 'For the orchestrator of an order: give its money back, or never take it, if it was not charged yet',
      params: z.object({ orderId }),
      asked: 'by an orchestrator',
      body: refundBody,
      response: paymentView,
      command: ({ params, body }) => RefundOrder({ ...params, ...body }),
      answer: ({ state }) => ({ status: 202, body: viewOfState(state) }),
    }),
  ];
}
