import type { Context } from '@troupe/chassis';
import { answerTo, specification } from '@troupe/chassis/testing';
import { InventoryReserved, OrderCancelled } from '@troupe/schemas';
import { CancelShipment, ScheduleShipment } from '../src/booking.ts';
import { ResolveCancellation, RetryCancellation } from '../src/cancelling.ts';
import { shippingReactions } from '../src/reactions.ts';
import { Book, type BookOutcome, CancelBooking, type CancelOutcome, CancelRetry } from '../src/shipment.ts';

export const orderId = '019a1b2c-3d4e-7f50-8a6b-7c8d9e0f1a2b';
export const shipmentId = '019a1b2c-0000-7f50-8a6b-000000000001';
export const items = [{ sku: 'SKU-001', quantity: 2 }];
export const acceptance = { bookingId: 'bk_1', carrier: 'Sandbox Parcel', trackingNumber: 'TRK-1' };

const context: Context = { now: new Date('2026-11-21T09:30:00.000Z'), id: shipmentId };

const table = shippingReactions({ cancelRetryMs: 5_000 });

/** A moment after the context's. */
export const later = (ms: number): Date => new Date(context.now.getTime() + ms);

/** Given a shipment, when it hears a message, then it decides. */
export const { given, givenState } = specification(table, {
  context,
});
export type Message = Parameters<typeof given>[number];

const answerOfBook = (outcome: BookOutcome) => answerTo(Book, { orderId, items }, outcome);
const answerOfCancel = (outcome: CancelOutcome) => answerTo(CancelBooking, { orderId, bookingId: 'bk_1' }, outcome);

/** Everything that a shipment can hear, in the words of the business. */
export const heard = {
  reserved: InventoryReserved({ orderId, items }),
  orderCancelled: OrderCancelled({
    orderId,
    customerId: 'ada',
    items,
    reason: 'CUSTOMER',
    detail: 'You cancelled the order.',
  }),
  booked: answerOfBook({ kind: 'booked', ...acceptance }),
  refused: answerOfBook({ kind: 'refused', detail: 'Sandbox Parcel does not carry SKU-100.' }),
  takenBack: answerOfCancel({ kind: 'cancelled' }),
  notTakenBack: answerOfCancel({ kind: 'refused', detail: 'The parcel was handed over.' }),
  cancellationEnded: answerOfCancel({ kind: 'refused', detail: 'Nobody answers.', byHand: true }),
  retryDue: CancelRetry({ orderId }),
  retried: RetryCancellation({ orderId }),
  resolved: ResolveCancellation({ orderId, reason: 'The customer sends it back.' }),
};

/** What the orchestrator of an order asks for. */
export const asked = { ship: ScheduleShipment({ orderId, items }), cancel: CancelShipment({ orderId }) };
