import { type CommandDecision, type Context, decided, type Effect } from '@troupe/chassis';
import { InventoryReserved, OrderCancelled } from '@troupe/schemas';
import { told } from '../../chassis/src/testing/told.ts';
import { CancelShipment, ScheduleShipment } from '../src/booking.ts';
import { ResolveCancellation, RetryCancellation } from '../src/cancelling.ts';
import { shippingReactions } from '../src/reactions.ts';
import { Book, type BookOutcome, CancelBooking, type CancelOutcome, CancelRetry, type Known } from '../src/shipment.ts';

export const orderId = '019a1b2c-3d4e-7f50-8a6b-7c8d9e0f1a2b';
export const shipmentId = '019a1b2c-0000-7f50-8a6b-000000000001';
export const items = [{ sku: 'SKU-001', quantity: 2 }];
export const acceptance = { bookingId: 'bk_1', carrier: 'Sandbox Parcel', trackingNumber: 'TRK-1' };

const context: Context = { now: new Date('2026-11-21T09:30:00.000Z'), id: shipmentId };

const table = shippingReactions({ cancelRetryMs: 5_000 });

/** A moment after the context's. */
export const later = (ms: number): Date => new Date(context.now.getTime() + ms);

export interface Said {
  readonly type: string;
  readonly data: unknown;
}

const answerOfBook = (outcome: BookOutcome): Said => ({
  type: Book.messageName,
  data: { request: { orderId, items }, outcome },
});

const answerOfCancel = (outcome: CancelOutcome): Said => ({
  type: CancelBooking.messageName,
  data: { request: { orderId, bookingId: 'bk_1' }, outcome },
});

/** Everything that a shipment can hear, in the words of the business. */
export const heard = {
  reserved: InventoryReserved({ orderId, items }),
  orderCancelled: OrderCancelled({
    ...{ orderId, customerId: 'ada', items },
    ...{ reason: 'CUSTOMER', detail: 'You cancelled the order.' },
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

function react(shipment: Known, message: Said): CommandDecision<Known> {
  return told(table, message, { state: shipment, context });
}

/** The shipment after these messages, each of which must have been acted upon. */
export function given(...messages: readonly Said[]): Known {
  return messages.reduce<Known>((shipment, message) => {
    const decision = react(shipment, message);
    if (decision.kind !== 'decided') throw new Error(`${message.type} is not what happens next: ${decision.kind}`);
    return decision.state;
  }, undefined);
}

/** What one more message comes to. */
export function when(shipment: Known, message: Said) {
  const decision = react(shipment, message);
  const { state, effects } = decision.kind === 'decided' ? decision : decided<Known>(shipment);
  return { decision, shipment: state, effects: effects as readonly Effect[], says: effects.map(nameOf) };
}

/** `ShipmentScheduled`, `start Book`. */
export function nameOf(effect: Effect): string {
  if (!('kind' in effect)) return effect.type;
  return effect.kind === 'task' ? `start ${effect.type}` : `cancel ${effect.type}`;
}
