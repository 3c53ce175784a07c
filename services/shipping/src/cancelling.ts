import { type Answered, type Context, command, decided, type Refusal, retryableCompensation } from '@troupe/chassis';
import { ShipmentCancelFailed, ShipmentCancelled } from '@troupe/schemas';
import {
  CancelBooking,
  type CancelFailed,
  type Cancelled,
  type Cancelling,
  type CancelOutcome,
  type CancelRequest,
  CancelRetry,
  cancellationNotFailed,
  type Known,
  type OfOrder,
  type Parcel,
  type Resolved,
  type Scheduled,
  type Shipment,
  type ShippingRules,
  shipmentNotFound,
} from './shipment.ts';

/** How a cancellation that the carrier refuses was settled by hand. */
export interface Resolution extends OfOrder {
  /** In the words of the person who settled it. */
  readonly reason: string;
}

/** An operator asks for another try of a refused cancellation, at once. */
export const RetryCancellation = command('RetryCancellation', ({ orderId }: OfOrder) => orderId);
/** An operator says that the parcel is dealt with. */
export const ResolveCancellation = command('ResolveCancellation', ({ orderId }: Resolution) => orderId);

const cancellation = retryableCompensation({
  isAsking: (shipment: Shipment) => shipment.status === 'CANCELLING',
  isFailed: (shipment: Shipment) => shipment.status === 'CANCEL_FAILED',
  reasons: {
    answered: 'the cancellation was answered before',
    seenTo: 'somebody has seen to the shipment already',
  },
  ask: ({ orderId, bookingId }: Cancelling) => CancelBooking({ orderId, bookingId }),
  refusals: ({ cancelAttempts }: Cancelling) => cancelAttempts,
  failed: (cancelling: Cancelling, { attempts, ...refusal }: Refusal): CancelFailed => ({
    ...cancelling,
    status: 'CANCEL_FAILED',
    cancelAttempts: attempts,
    ...refusal,
  }),
  askingAgain: ({ detail: _, nextAttemptAt: __, ...known }: CancelFailed): Cancelling => ({
    ...known,
    status: 'CANCELLING',
  }),
  refused: ({ orderId, shipmentId, cancelAttempts: attempts, detail, nextAttemptAt }: CancelFailed) =>
    ShipmentCancelFailed({ orderId, shipmentId, attempts, detail, nextAttemptAt: nextAttemptAt?.getTime() ?? null }),
  retry: ({ orderId }: OfOrder) => CancelRetry({ orderId }),
  done: (cancelling: Cancelling, _: Extract<CancelOutcome, { kind: 'cancelled' }>) => {
    const cancelled: Cancelled = { ...cancelling, status: 'CANCELLED' };
    return decided(cancelled, takenBack(cancelling, { byHand: false }));
  },
  resolved: ({ nextAttemptAt: _, ...known }: CancelFailed, detail: string) => {
    const resolved: Resolved = { ...known, status: 'RESOLVED', detail };
    return decided(resolved, takenBack(known, { byHand: true }));
  },
  notFailed: ({ orderId }: OfOrder, shipment: Known) =>
    shipment === undefined ? shipmentNotFound(orderId) : cancellationNotFailed(shipment),
});

const takenBack = ({ orderId, shipmentId }: Parcel, { byHand }: { byHand: boolean }) =>
  ShipmentCancelled({ orderId, shipmentId, reason: 'ORDER_CANCELLED', byHand });

/** Asks the carrier to cancel the booking. */
export const takeBack = (booked: Scheduled) => cancellation.ask({ ...booked, status: 'CANCELLING', cancelAttempts: 0 });

/** Asks again now, because a person wants it. */
export const retryCancellation = (order: OfOrder, shipment: Known) => cancellation.retry(order, shipment);

/** Asks again by itself. */
export const cancelRetryDue = (_: OfOrder, shipment: Known) => cancellation.retryDue(shipment);

/** Ends a cancellation by hand. */
export const resolveCancellation = (resolution: Resolution, shipment: Known) =>
  cancellation.resolve(resolution, shipment);

/** Records the carrier's answer. A refusal is tried again, later each time. */
export const settleCancellation =
  ({ cancelRetryMs }: ShippingRules) =>
  (answer: Answered<CancelRequest, CancelOutcome>, shipment: Known, context: Context) =>
    cancellation.settle(answer, shipment, context, cancelRetryMs);
