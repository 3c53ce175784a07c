import { type ApiContext, get, type Route } from '@troupe/chassis';
import type { PrismaClient } from '@troupe/shipping-database';
import { z } from 'zod';
import { findShipment } from './repository.ts';
import { type Known, shipmentNotFound } from './shipment.ts';

const shipmentView = z.object({
  orderId: z.uuid(),
  status: z
    .enum(['BOOKING', 'SCHEDULED', 'FAILED', 'CANCELLING', 'CANCELLED', 'VOID'])
    .describe('VOID: the order came to nothing before its reservation was heard of.'),
  shipmentId: z.uuid().optional(),
  items: z.array(z.object({ sku: z.string(), quantity: z.number().int() })).optional(),
  carrier: z.string().optional(),
  trackingNumber: z.string().optional(),
  bookingId: z.string().optional().describe("The carrier's reference."),
  detail: z.string().optional().describe('What the carrier said when it refused.'),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

export function shippingApi({ database }: ApiContext<PrismaClient, unknown>): readonly Route<Known>[] {
  return [
    get('/shipments/:orderId', {
      summary: 'The shipment of an order',
      params: z.object({ orderId: z.uuid().toLowerCase() }),
      response: shipmentView,
      async handle({ params: { orderId } }) {
        const row = await findShipment(database, orderId);
        if (row === null) throw shipmentNotFound(orderId);
        return { status: 200, body: viewOf(row) };
      },
    }),
  ];
}

function viewOf({ orderCancelled: _, createdAt, updatedAt, ...row }: Found) {
  const moments = { createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
  return Object.fromEntries(Object.entries({ ...row, ...moments }).filter(([, value]) => value !== null));
}

type Found = NonNullable<Awaited<ReturnType<typeof findShipment>>>;
