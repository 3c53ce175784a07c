import { z } from 'zod';
import { type findShipment, rowOf, type ShipmentRow } from './repository.ts';
import type { Known } from './shipment.ts';

export const shipmentView = z.object({
  orderId: z.uuid(),
  status: z
    .enum(['BOOKING', 'SCHEDULED', 'FAILED', 'CANCELLING', 'CANCEL_FAILED', 'CANCELLED', 'RESOLVED', 'VOID'])
    .describe(
      'CANCELLED: by the carrier. RESOLVED: by hand, after the carrier refused. VOID: the order was cancelled before its reservation arrived.',
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

export const datedView = shipmentView.extend({ createdAt: z.iso.datetime(), updatedAt: z.iso.datetime() });

/** A shipment as a command left it. */
export function viewOfState(shipment: Known) {
  if (shipment === undefined) throw new Error('A command that was not rejected left no shipment behind.');
  return viewOf(rowOf(shipment));
}

/** A shipment as it is stored, with its moments. */
export function viewOfRow({ createdAt, updatedAt, ...row }: NonNullable<Awaited<ReturnType<typeof findShipment>>>) {
  return { ...viewOf(row), createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}

function viewOf(row: Omit<ShipmentRow, 'status' | 'orderCancelled' | 'orchestrated'> & { readonly status: string }) {
  const { orderId, status, shipmentId, items, carrier, trackingNumber, bookingId, detail, cancelAttempts } = row;
  const view = {
    orderId,
    status,
    shipmentId,
    items,
    carrier,
    trackingNumber,
    bookingId,
    detail,
    cancelAttempts,
    nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
  };
  return Object.fromEntries(Object.entries(view).filter(([, value]) => value !== null));
}
