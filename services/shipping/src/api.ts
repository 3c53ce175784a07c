import { type ApiContext, get, post, type Route, reason } from '@troupe/chassis';
import type { PrismaClient } from '@troupe/shipping-database';
import { z } from 'zod';
import { ResolveCancellation, RetryCancellation } from './cancelling.ts';
import { findShipment, rowOf, type ShipmentRow } from './repository.ts';
import { type Known, shipmentNotFound } from './shipment.ts';

const params = z.object({ orderId: z.uuid().toLowerCase() });

const shipmentView = z.object({
  orderId: z.uuid(),
  status: z
    .enum(['BOOKING', 'SCHEDULED', 'FAILED', 'CANCELLING', 'CANCEL_FAILED', 'CANCELLED', 'RESOLVED', 'VOID'])
    .describe(
      'CANCELLED: by the carrier. RESOLVED: by hand, after the carrier refused. VOID: the order came to nothing before its reservation was heard of.',
    ),
  shipmentId: z.uuid().optional(),
  items: z.array(z.object({ sku: z.string(), quantity: z.number().int() })).optional(),
  carrier: z.string().optional(),
  trackingNumber: z.string().optional(),
  bookingId: z.string().optional().describe("The carrier's reference."),
  detail: z.string().optional().describe('What the carrier said when it refused; of a resolved cancellation, how.'),
  cancelAttempts: z.number().int().optional().describe('How often the carrier has refused to take it back.'),
  nextAttemptAt: z.iso
    .datetime()
    .optional()
    .describe('When a refused cancellation is tried again by itself; absent: never.'),
});
const datedView = shipmentView.extend({ createdAt: z.iso.datetime(), updatedAt: z.iso.datetime() });

const retryBody = z.strictObject({ reason: reason.optional().describe('Why; for the audit trail.') });
const resolveBody = z.strictObject({ reason: reason.describe('How it was settled; for the audit trail.') });

export function shippingApi({ database }: ApiContext<PrismaClient, unknown>): readonly Route<Known>[] {
  return [
    get('/shipments/:orderId', {
      summary: 'The shipment of an order',
      params,
      response: datedView,
      async handle({ params: { orderId } }) {
        const row = await findShipment(database, orderId);
        if (row === null) throw shipmentNotFound(orderId);
        const { createdAt, updatedAt } = row;
        const moments = { createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
        return { status: 200, body: { ...viewOf(row), ...moments } };
      },
    }),
    post<Known>()('/shipments/:orderId/cancellation/retry', {
      summary: 'Ask the carrier again, at once, to take back a shipment that it refused to take back',
      params,
      body: retryBody,
      response: shipmentView,
      command: ({ params: { orderId } }) => RetryCancellation({ orderId }),
      act: ({ params, body }) => ({ act: 'cancellation.retry', target: params.orderId, reason: body.reason }),
      answer: ({ state }) => ({ status: 202, body: stateView(state) }),
    }),
    post<Known>()('/shipments/:orderId/cancellation/resolve', {
      summary: 'Settle by hand a shipment that the carrier does not take back',
      params,
      body: resolveBody,
      response: shipmentView,
      command: ({ params: { orderId }, body }) => ResolveCancellation({ orderId, ...body }),
      act: ({ params, body }) => ({ act: 'cancellation.resolve', target: params.orderId, reason: body.reason }),
      answer: ({ state }) => ({ status: 200, body: stateView(state) }),
    }),
  ];
}

function stateView(shipment: Known) {
  if (shipment === undefined) throw new Error('A command that was not rejected left no shipment behind.');
  return viewOf(rowOf(shipment));
}

function viewOf(row: Omit<ShipmentRow, 'status' | 'orderCancelled'> & { readonly status: string }) {
  const { orderId, status, shipmentId, items, carrier, trackingNumber, bookingId, detail, cancelAttempts } = row;
  const view = {
    ...{ orderId, status, shipmentId, items, carrier, trackingNumber, bookingId, detail, cancelAttempts },
    nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
  };
  return Object.fromEntries(Object.entries(view).filter(([, value]) => value !== null));
}
