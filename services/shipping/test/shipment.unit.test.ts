import { describe, expect, it } from '@jest/globals';
import { after, cancel } from '@troupe/chassis';
import { like, withData } from '@troupe/chassis/testing';
import { ShipmentCancelFailed, ShipmentCancelled, ShipmentFailed, ShipmentScheduled } from '@troupe/schemas';
import { Book, CancelBooking, CancelRetry, isUnderWay, type Known } from '../src/shipment.ts';
import { acceptance, asked, given, givenState, heard, items, later, orderId, shipmentId } from './story.ts';

const parcel = { orderId, shipmentId, items };
const booked = { ...parcel, ...acceptance };
const booking = given(heard.reserved);
const scheduled = given(heard.reserved, heard.booked);
const cancelling = given(heard.reserved, heard.booked, heard.orderCancelled);
const cancelled = cancelling.after(heard.takenBack);
const notCancelled = cancelling.after(heard.notTakenBack);
const refused = given(heard.reserved, heard.refused);

describe('a reservation', () => {
  it('is booked at the carrier', () => {
    given()
      .when(heard.reserved)
      .then({ state: { ...parcel, status: 'BOOKING' }, starts: [Book({ orderId, items })] });
  });

  it('is booked once', () => {
    for (const before of [booking, scheduled, cancelling]) before.when(heard.reserved).thenIgnored();
  });
});

describe('the answer of the carrier', () => {
  it('yes: the shipment is scheduled', () => {
    const { carrier, trackingNumber } = acceptance;
    booking.when(heard.booked).then({
      state: { ...booked, status: 'SCHEDULED' },
      emits: [ShipmentScheduled({ orderId, shipmentId, carrier, trackingNumber })],
    });
  });

  it('no: the shipment has failed, and inventory is told what to release', () => {
    const detail = 'Sandbox Parcel does not carry SKU-100.';
    booking.when(heard.refused).then({
      state: { ...parcel, status: 'FAILED', detail },
      emits: [ShipmentFailed({ orderId, items, reason: 'CARRIER_REFUSED', detail })],
    });
  });

  it('counts once', () => {
    for (const before of [scheduled, cancelling, refused]) {
      before.when(heard.booked).thenIgnored();
      before.when(heard.refused).thenIgnored();
    }
  });
});

describe('an order that is cancelled', () => {
  it('has its booking taken back', () => {
    scheduled
      .when(heard.orderCancelled)
      .then({
        state: { ...booked, status: 'CANCELLING', cancelAttempts: 0 },
        starts: [CancelBooking({ orderId, bookingId: 'bk_1' })],
      })
      .when(heard.takenBack)
      .then({
        state: like({ status: 'CANCELLED' }),
        emits: [ShipmentCancelled({ orderId, shipmentId, reason: 'ORDER_CANCELLED', byHand: false })],
      })
      .when(heard.takenBack)
      .thenIgnored();
  });

  it('while it is booked: the booking is taken back as soon as it is made, and never called scheduled', () => {
    given(heard.reserved, heard.orderCancelled)
      .has({ state: { ...parcel, status: 'BOOKING', orderCancelled: true } })
      .when(heard.booked)
      .then({ state: { ...booked, status: 'CANCELLING', cancelAttempts: 0 }, starts: [CancelBooking] });
  });

  it('while it is booked, and the carrier refuses: there is nothing to take back', () => {
    given(heard.reserved, heard.orderCancelled)
      .when(heard.refused)
      .then({ state: like({ status: 'FAILED' }), emits: [ShipmentFailed] });
  });

  it('before its reservation is heard of: leaves a tombstone, so that nothing is ever booked', () => {
    given(heard.orderCancelled)
      .has({ state: { status: 'VOID', orderId } })
      .when(heard.reserved)
      .thenIgnored(/cancelled before its reservation arrived/)
      .has({ state: { status: 'VOID', orderId } });
  });

  it('is cancelled once', () => {
    const doomed = given(heard.reserved, heard.orderCancelled);
    for (const before of [doomed, cancelling, cancelled, refused, given(heard.orderCancelled)])
      before.when(heard.orderCancelled).thenIgnored();
  });
});

describe('a cancellation that the carrier refuses', () => {
  const owed = { ...booked, cancelAttempts: 1 };

  it('is visible, and tried again later', () => {
    const next = later(5_000);
    const detail = 'The parcel was handed over.';
    cancelling
      .when(heard.notTakenBack)
      .then({
        state: { ...owed, status: 'CANCEL_FAILED', detail, nextAttemptAt: next },
        emits: [ShipmentCancelFailed({ orderId, shipmentId, attempts: 1, detail, nextAttemptAt: next.getTime() })],
        starts: [after(5_000, CancelRetry({ orderId }))],
      })
      .when(heard.retryDue)
      .then({ state: { ...owed, status: 'CANCELLING' }, starts: [CancelBooking] })
      .when(heard.takenBack)
      .then({ emits: [ShipmentCancelled] });
  });

  it('is tried again by itself five times, each time after twice as long, then a person must act', () => {
    let before = cancelling;
    for (const delay of [5_000, 10_000, 20_000, 40_000, 80_000]) {
      const retry = after(delay, CancelRetry({ orderId }));
      before = before
        .when(heard.notTakenBack)
        .then({ emits: [ShipmentCancelFailed], starts: [retry] })
        .after(heard.retryDue);
    }
    before.when(heard.notTakenBack).then({
      state: { ...owed, status: 'CANCEL_FAILED', cancelAttempts: 6, detail: 'The parcel was handed over.' },
      emits: [ShipmentCancelFailed],
    });
  });

  it('because a person has ended it waits for that person at once: nobody asks again by itself', () => {
    cancelling.when(heard.cancellationEnded).then({
      state: { ...owed, status: 'CANCEL_FAILED', detail: 'Nobody answers.' },
      emits: [withData(ShipmentCancelFailed, { attempts: 1, nextAttemptAt: null })],
    });
  });

  it('is tried at once when an operator says so, and not a second time by itself', () => {
    notCancelled
      .when(heard.retried)
      .then({ state: { ...owed, status: 'CANCELLING' }, starts: [CancelBooking], cancels: [CancelRetry] })
      .when(heard.retryDue)
      .thenIgnored();
  });

  it('ends with what an operator says of it, and nothing that comes later changes that', () => {
    const resolved = notCancelled.when(heard.resolved).then({
      state: { ...owed, status: 'RESOLVED', detail: 'The customer sends it back.' },
      emits: [ShipmentCancelled({ orderId, shipmentId, reason: 'ORDER_CANCELLED', byHand: true })],
      cancels: [cancel(CancelRetry, orderId)],
    });
    for (const late of [heard.retryDue, heard.takenBack, heard.notTakenBack, heard.orderCancelled])
      resolved.when(late).thenIgnored();
  });

  it.each([
    ['while the carrier is being asked', cancelling, 409, 'CANCELLATION_UNDER_WAY'],
    ['of what is on its way to a customer', scheduled, 409, 'CANCELLATION_NOT_FAILED'],
    ['of what nobody knows', given(), 404, 'SHIPMENT_NOT_FOUND'],
  ])('is neither retried nor resolved %s', (_, shipment, status, code) => {
    for (const command of [heard.retried, heard.resolved]) shipment.when(command).thenRejected(code, { status });
  });
});

describe('an order that came to nothing', () => {
  const doomed = given(heard.reserved, heard.orderCancelled);

  it.each([
    ['is to be taken back', doomed, 'the booking is already to be taken back when it is answered'],
    ['is being taken back', cancelling, 'the booking is being taken back already'],
    ['was not taken back', notCancelled, 'the booking is being taken back already'],
    ['is taken back', cancelled, 'the booking is taken back already'],
    ['was seen to by hand', notCancelled.after(heard.resolved), 'the booking is taken back already'],
    ['was refused', refused, 'nothing was booked'],
    ['was never to be made', given(heard.orderCancelled), 'the order is known to be cancelled'],
  ])('changes nothing when its shipment %s, and the log can say why', (_, shipment, reason) => {
    shipment.when(heard.orderCancelled).thenIgnored(reason);
  });

  it('is left to a person when the carrier has refused it for the last time: nothing goes off by itself', () => {
    const lastTry = givenState({ ...cancelling.state, cancelAttempts: 5 } as Known);
    lastTry.when(heard.notTakenBack).then({ emits: [ShipmentCancelFailed] });
  });
});

describe('an answer of the carrier about a shipment that nobody knows', () => {
  it.each([
    ['to a booking', heard.booked],
    ['to a cancellation', heard.takenBack],
    ['that is to be asked for again', heard.retryDue],
  ])('changes nothing: %s', (_, message) => {
    given().when(message).thenIgnored();
  });
});

describe('a person who waits for a shipment', () => {
  it.each([
    ['BOOKING', true],
    ['CANCELLING', true],
    ['SCHEDULED', false],
    ['FAILED', false],
    ['CANCEL_FAILED', false],
    ['CANCELLED', false],
    ['RESOLVED', false],
    ['VOID', false],
  ] as const)('has to wait while it is %s: %p', (status, waits) => {
    expect(isUnderWay(status)).toBe(waits);
  });
});

describe('what is asked of shipping', () => {
  it.each([
    ['ScheduleShipment', asked.ship],
    ['CancelShipment', asked.cancel],
    ['RetryCancellation', heard.retried],
    ['ResolveCancellation', heard.resolved],
  ])('%s is about one order, and handled in turn with all that is heard of it', (type, command) => {
    expect(command).toMatchObject({ type, key: orderId });
  });
});
