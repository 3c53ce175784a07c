import { describe, expect, it } from '@jest/globals';
import { acceptance, given, heard, items, orderId, shipmentId, when } from './story.ts';

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
      { type: 'ShipmentCancelled', data: { orderId, shipmentId, reason: 'ORDER_CANCELLED' } },
    ]);
    expect(when(done.shipment, heard.takenBack).decision.kind).toBe('ignored');
  });

  it('while it is booked: the booking is taken back as soon as it is made, and never called scheduled', () => {
    const doomed = given(heard.reserved, heard.orderCancelled);
    expect(doomed).toEqual({ ...parcel, status: 'BOOKING', orderCancelled: true });
    const { shipment, says } = when(doomed, heard.booked);
    expect(says).toEqual(['start CancelBooking']);
    expect(shipment).toEqual({ ...parcel, ...acceptance, status: 'CANCELLING' });
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
      decision: { kind: 'ignored', reason: expect.stringContaining('came to nothing') },
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
