import { describe, expect, it } from '@jest/globals';
import { isUnderWay, type Known } from '../src/shipment.ts';
import { acceptance, asked, given, heard, items, later, orderId, shipmentId, when } from './story.ts';

const parcel = { orderId, shipmentId, items };
const booking = given(heard.reserved);
const scheduled = given(heard.reserved, heard.booked);
const cancelling = given(heard.reserved, heard.booked, heard.orderCancelled);

describe('a reservation', () => {
  it('is booked at the carrier', () => {
    const { shipment, effects } = when(undefined, heard.reserved);
    expect(shipment).toEqual({ ...parcel, status: 'BOOKING' });
    expect(effects).toEqual([
      expect.objectContaining({ type: 'Book', key: orderId, delayMs: 0, data: { orderId, items } }),
    ]);
  });

  it('is booked once', () => {
    for (const before of [booking, scheduled, cancelling]) {
      expect(when(before, heard.reserved).decision.kind).toBe('ignored');
    }
  });
});

describe('the answer of the carrier', () => {
  it('yes: the shipment is scheduled', () => {
    const { shipment, effects } = when(booking, heard.booked);
    expect(shipment).toEqual({ ...parcel, ...acceptance, status: 'SCHEDULED' });
    expect(effects).toEqual([
      {
        type: 'ShipmentScheduled',
        data: { orderId, shipmentId, carrier: 'Sandbox Parcel', trackingNumber: 'TRK-1' },
      },
    ]);
  });

  it('no: the shipment has failed, and inventory is told what to release', () => {
    const detail = 'Sandbox Parcel does not carry SKU-100.';
    const { shipment, effects } = when(booking, heard.refused);
    expect(shipment).toEqual({ ...parcel, status: 'FAILED', detail });
    expect(effects).toEqual([{ type: 'ShipmentFailed', data: { orderId, items, reason: 'CARRIER_REFUSED', detail } }]);
  });

  it('counts once', () => {
    for (const before of [scheduled, cancelling, given(heard.reserved, heard.refused)]) {
      expect(when(before, heard.booked).decision.kind).toBe('ignored');
      expect(when(before, heard.refused).decision.kind).toBe('ignored');
    }
  });
});

describe('an order that is cancelled', () => {
  it('has its booking taken back', () => {
    const asked = when(scheduled, heard.orderCancelled);
    expect(asked.shipment).toMatchObject({ status: 'CANCELLING', bookingId: 'bk_1' });
    expect(asked.effects).toEqual([
      expect.objectContaining({ type: 'CancelBooking', key: orderId, data: { orderId, bookingId: 'bk_1' } }),
    ]);
    const done = when(asked.shipment, heard.takenBack);
    expect(done.shipment).toMatchObject({ status: 'CANCELLED' });
    expect(done.effects).toEqual([
      { type: 'ShipmentCancelled', data: { orderId, shipmentId, reason: 'ORDER_CANCELLED', byHand: false } },
    ]);
    expect(when(done.shipment, heard.takenBack).decision.kind).toBe('ignored');
  });

  it('while it is booked: the booking is taken back as soon as it is made, and never called scheduled', () => {
    const doomed = given(heard.reserved, heard.orderCancelled);
    expect(doomed).toEqual({ ...parcel, status: 'BOOKING', orderCancelled: true });
    const { shipment, says } = when(doomed, heard.booked);
    expect(says).toEqual(['start CancelBooking']);
    expect(shipment).toEqual({ ...parcel, ...acceptance, status: 'CANCELLING', cancelAttempts: 0 });
  });

  it('while it is booked, and the carrier refuses: there is nothing to take back', () => {
    const { shipment, says } = when(given(heard.reserved, heard.orderCancelled), heard.refused);
    expect(shipment).toMatchObject({ status: 'FAILED' });
    expect(says).toEqual(['ShipmentFailed']);
  });

  it('before its reservation is heard of: leaves a tombstone, so that nothing is ever booked', () => {
    const tombstone = given(heard.orderCancelled);
    expect(tombstone).toEqual({ status: 'VOID', orderId });
    expect(when(tombstone, heard.reserved)).toMatchObject({
      decision: { kind: 'ignored', reason: expect.stringContaining('cancelled before its reservation arrived') },
      shipment: tombstone,
    });
  });

  it('is cancelled once', () => {
    for (const before of [
      given(heard.reserved, heard.orderCancelled),
      cancelling,
      given(heard.reserved, heard.booked, heard.orderCancelled, heard.takenBack),
      given(heard.reserved, heard.refused),
      given(heard.orderCancelled),
    ]) {
      expect(when(before, heard.orderCancelled).decision.kind).toBe('ignored');
    }
  });
});

describe('a cancellation that the carrier refuses', () => {
  const failed = given(heard.reserved, heard.booked, heard.orderCancelled, heard.notTakenBack);

  it('is visible, and tried again later', () => {
    const { shipment, effects } = when(cancelling, heard.notTakenBack);
    const next = later(5_000);
    const detail = 'The parcel was handed over.';
    expect(shipment).toEqual({
      ...{ ...parcel, ...acceptance, status: 'CANCEL_FAILED' },
      ...{ cancelAttempts: 1, detail, nextAttemptAt: next },
    });
    expect(effects).toEqual([
      {
        type: 'ShipmentCancelFailed',
        data: { orderId, shipmentId, attempts: 1, detail, nextAttemptAt: next.getTime() },
      },
      expect.objectContaining({ type: 'CancelRetry', key: orderId, delayMs: 5_000 }),
    ]);
    const again = when(shipment, heard.retryDue);
    expect(again.shipment).toEqual({ ...parcel, ...acceptance, status: 'CANCELLING', cancelAttempts: 1 });
    expect(again.says).toEqual(['start CancelBooking']);
    expect(when(again.shipment, heard.takenBack).says).toEqual(['ShipmentCancelled']);
  });

  it('is tried again by itself five times, each time after twice as long, then a person must act', () => {
    let shipment = cancelling;
    const delays: (number | undefined)[] = [];
    for (let n = 0; n < 6; n += 1) {
      const refused = when(shipment, heard.notTakenBack);
      const task = refused.effects.find((effect) => 'kind' in effect && effect.kind === 'task');
      delays.push(task && 'delayMs' in task ? task.delayMs : undefined);
      shipment = n < 5 ? when(refused.shipment, heard.retryDue).shipment : refused.shipment;
    }
    expect(delays).toEqual([5_000, 10_000, 20_000, 40_000, 80_000, undefined]);
    expect(shipment).toMatchObject({ status: 'CANCEL_FAILED', cancelAttempts: 6 });
    expect(shipment).not.toHaveProperty('nextAttemptAt');
  });

  it('because a person has ended it waits for that person at once: nobody asks again by itself', () => {
    const { shipment, effects } = when(cancelling, heard.cancellationEnded);
    expect(shipment).toMatchObject({ status: 'CANCEL_FAILED', cancelAttempts: 1, detail: 'Nobody answers.' });
    expect(shipment).not.toHaveProperty('nextAttemptAt');
    expect(effects).toEqual([
      { type: 'ShipmentCancelFailed', data: expect.objectContaining({ attempts: 1, nextAttemptAt: null }) },
    ]);
  });

  it('is tried at once when an operator says so, and not a second time by itself', () => {
    const { shipment, says } = when(failed, heard.retried);
    expect(shipment).toMatchObject({ status: 'CANCELLING', cancelAttempts: 1 });
    expect(says).toEqual(['start CancelBooking', 'cancel CancelRetry']);
    expect(when(shipment, heard.retryDue).decision.kind).toBe('ignored');
  });

  it('ends with what an operator says of it, and nothing that comes later changes that', () => {
    const { shipment, effects } = when(failed, heard.resolved);
    expect(shipment).toEqual({
      ...{ ...parcel, ...acceptance, status: 'RESOLVED' },
      ...{ cancelAttempts: 1, detail: 'The customer sends it back.' },
    });
    expect(effects).toEqual([
      { type: 'ShipmentCancelled', data: { orderId, shipmentId, reason: 'ORDER_CANCELLED', byHand: true } },
      expect.objectContaining({ kind: 'cancellation', type: 'CancelRetry', key: orderId }),
    ]);
    for (const late of [heard.retryDue, heard.takenBack, heard.notTakenBack, heard.orderCancelled]) {
      expect(when(shipment, late).decision.kind).toBe('ignored');
    }
  });

  it.each([
    ['while the carrier is being asked', cancelling, 409, 'CANCELLATION_UNDER_WAY'],
    ['of what is on its way to a customer', scheduled, 409, 'CANCELLATION_NOT_FAILED'],
    ['of what nobody knows', undefined, 404, 'SHIPMENT_NOT_FOUND'],
  ])('is neither retried nor resolved %s', (_, shipment, status, code) => {
    for (const command of [heard.retried, heard.resolved]) {
      expect(when(shipment, command).decision).toMatchObject({ kind: 'rejected', error: { code, status } });
    }
  });
});

describe('an order that came to nothing', () => {
  const failed = given(heard.reserved, heard.booked, heard.orderCancelled, heard.notTakenBack);

  it.each([
    [
      'is to be taken back',
      given(heard.reserved, heard.orderCancelled),
      'the booking is already to be taken back when it is answered',
    ],
    ['is being taken back', cancelling, 'the booking is being taken back already'],
    ['was not taken back', failed, 'the booking is being taken back already'],
    [
      'is taken back',
      given(heard.reserved, heard.booked, heard.orderCancelled, heard.takenBack),
      'the booking is taken back already',
    ],
    ['was seen to by hand', when(failed, heard.resolved).shipment, 'the booking is taken back already'],
    ['was refused', given(heard.reserved, heard.refused), 'nothing was booked'],
    ['was never to be made', given(heard.orderCancelled), 'the order is known to be cancelled'],
  ])('changes nothing when its shipment %s, and the log can say why', (_, shipment, reason) => {
    expect(when(shipment, heard.orderCancelled).decision).toEqual({ kind: 'ignored', reason });
  });

  it('is left to a person when the carrier has refused it for the last time: nothing goes off by itself', () => {
    const lastTry = { ...cancelling, cancelAttempts: 5 } as Known;
    expect(when(lastTry, heard.notTakenBack).says).toEqual(['ShipmentCancelFailed']);
  });
});

describe('an answer of the carrier about a shipment that nobody knows', () => {
  it.each([
    ['to a booking', heard.booked],
    ['to a cancellation', heard.takenBack],
    ['that is to be asked for again', heard.retryDue],
  ])('changes nothing: %s', (_, message) => {
    expect(when(undefined, message).decision).toMatchObject({ kind: 'ignored' });
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
