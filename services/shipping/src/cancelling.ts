import {
  type Answered,
  after,
  type Context,
  cancel,
  command,
  compensationDelay,
  decided,
  ignored,
  rejected,
} from '@troupe/chassis';
import { ShipmentCancelFailed, ShipmentCancelled } from '@troupe/schemas';
import {
  CancelBooking,
  type CancelFailed,
  type Cancelling,
  type CancelOutcome,
  type CancelRequest,
  CancelRetry,
  cancellationNotFailed,
  type Known,
  type OfOrder,
  type Resolved,
  type Scheduled,
  type ShippingRules,
  shipmentNotFound,
} from './shipment.ts';

/** How a cancellation that the carrier refuses was settled by hand. */
export interface Resolution extends OfOrder {
  /** How, in that person's words. */
  readonly reason: string;
}

/** An operator asks for another try of a refused cancellation, at once. */
export const RetryCancellation = command('RetryCancellation', ({ orderId }: OfOrder) => orderId);
/** An operator says that the parcel is dealt with. */
export const ResolveCancellation = command('ResolveCancellation', ({ orderId }: Resolution) => orderId);

/** Asks the carrier to cancel the booking. */
export function takeBack(booked: Scheduled) {
  return ask({ ...booked, status: 'CANCELLING', cancelAttempts: 0 });
}

/** Asks again now, and withdraws the automatic try. */
export function retryCancellation({ orderId }: OfOrder, shipment: Known) {
  if (shipment === undefined) return rejected(shipmentNotFound(orderId));
  if (shipment.status !== 'CANCEL_FAILED') return rejected(cancellationNotFailed(shipment));
  const { state, effects } = askAgain(shipment);
  return decided(state, ...effects, cancel(CancelRetry, orderId));
}

/** The automatic try. Until it fires nobody asks the carrier. */
export function cancelRetryDue(_: OfOrder, shipment: Known) {
  if (shipment?.status !== 'CANCEL_FAILED') return ignored('somebody has seen to the shipment already');
  return askAgain(shipment);
}

/** Ends a cancellation by hand, only while the carrier is not being asked: its answer counts first. */
export function resolveCancellation({ orderId, reason: detail }: Resolution, shipment: Known) {
  if (shipment === undefined) return rejected(shipmentNotFound(orderId));
  if (shipment.status !== 'CANCEL_FAILED') return rejected(cancellationNotFailed(shipment));
  const { nextAttemptAt: _, shipmentId, ...known } = shipment;
  const resolved: Resolved = { ...known, shipmentId, status: 'RESOLVED', detail };
  return decided(
    resolved,
    ShipmentCancelled({ orderId, shipmentId, reason: 'ORDER_CANCELLED', byHand: true }),
    cancel(CancelRetry, orderId),
  );
}

function askAgain({ detail: _, nextAttemptAt: __, ...known }: CancelFailed) {
  return ask({ ...known, status: 'CANCELLING' });
}

function ask(cancelling: Cancelling) {
  const { orderId, bookingId } = cancelling;
  return decided(cancelling, CancelBooking({ orderId, bookingId }));
}

/** Records the carrier's answer. A refusal is tried again, later each time. */
export const settleCancellation =
  (rules: ShippingRules) =>
  ({ outcome }: Answered<CancelRequest, CancelOutcome>, shipment: Known, { now }: Context) => {
    if (shipment?.status !== 'CANCELLING') return ignored('the cancellation was answered before');
    switch (outcome.kind) {
      case 'cancelled':
        return cancelled(shipment);
      case 'refused':
        return refused(shipment, outcome, now, rules);
      default:
        return outcome satisfies never;
    }
  };

function cancelled(shipment: Cancelling) {
  const { orderId, shipmentId } = shipment;
  return decided(
    { ...shipment, status: 'CANCELLED' as const },
    ShipmentCancelled({ orderId, shipmentId, reason: 'ORDER_CANCELLED', byHand: false }),
  );
}

type Refusal = Extract<CancelOutcome, { kind: 'refused' }>;

/** A refusal is tried again by itself, unless a person has ended the call: then a person decides. */
function refused(shipment: Cancelling, { detail, byHand }: Refusal, now: Date, { cancelRetryMs }: ShippingRules) {
  const { orderId, shipmentId } = shipment;
  const attempts = shipment.cancelAttempts + 1;
  const delayMs = byHand ? undefined : compensationDelay(attempts, cancelRetryMs);
  const next = delayMs === undefined ? {} : { nextAttemptAt: new Date(now.getTime() + delayMs) };
  const failed: CancelFailed = { ...shipment, status: 'CANCEL_FAILED', cancelAttempts: attempts, detail, ...next };
  const nextAttemptAt = failed.nextAttemptAt?.getTime() ?? null;
  const fact = ShipmentCancelFailed({ orderId, shipmentId, attempts, detail, nextAttemptAt });
  if (delayMs === undefined) return decided(failed, fact);
  return decided(failed, fact, after(delayMs, CancelRetry({ orderId })));
}
