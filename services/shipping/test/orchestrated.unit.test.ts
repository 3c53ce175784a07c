import { describe, expect, it } from '@jest/globals';
import type { Known } from '../src/shipment.ts';
import { acceptance, asked, given, heard, items, orderId, type Said, shipmentId, when } from './story.ts';

const parcel = { orderId, shipmentId, items, orchestrated: true };
const reserved = { ...heard.reserved, data: { ...heard.reserved.data, orchestrated: true } };

/** A shipment in each status that an orchestrator can find it in. */
const inEveryStatus = (booked: Said, undone: Said): readonly [string, Known][] => [
  ['BOOKING', given(booked)],
  ['SCHEDULED', given(booked, heard.booked)],
  ['FAILED', given(booked, heard.refused)],
  ['CANCELLING', given(booked, heard.booked, undone)],
  ['CANCEL_FAILED', given(booked, heard.booked, undone, heard.notTakenBack)],
  ['CANCELLED', given(booked, heard.booked, undone, heard.takenBack)],
  ['RESOLVED', given(booked, heard.booked, undone, heard.notTakenBack, heard.resolved)],
];
const orchestrated = inEveryStatus(asked.ship, asked.cancel);
const choreographed = inEveryStatus(heard.reserved, heard.orderCancelled);

describe('an order that has an orchestrator', () => {
  it('is not booked when its reservation is heard of', () => {
    for (const shipment of [undefined, ...orchestrated.map(([, shipment]) => shipment)]) {
      expect(when(shipment, reserved).decision).toMatchObject({
        kind: 'ignored',
        reason: expect.stringContaining('orchestrator'),
      });
    }
  });

  it('is booked when the orchestrator asks', () => {
    const { shipment, effects } = when(undefined, asked.ship);
    expect(shipment).toEqual({ ...parcel, status: 'BOOKING' });
    expect(effects).toEqual([expect.objectContaining({ type: 'Book', key: orderId, data: { orderId, items } })]);
    const booked = when(shipment, heard.booked);
    expect(booked.shipment).toEqual({ ...parcel, ...acceptance, status: 'SCHEDULED' });
    expect(booked.says).toEqual(['ShipmentScheduled']);
    const refused = when(shipment, heard.refused);
    expect(refused.shipment).toMatchObject({ ...parcel, status: 'FAILED' });
    expect(refused.says).toEqual(['ShipmentFailed']);
  });

  it.each(orchestrated)(
    'is not booked again when it is %s, however often the orchestrator asks',
    (status, shipment) => {
      const again = when(shipment, asked.ship);
      expect(again).toMatchObject({ decision: { kind: 'ignored' }, shipment: { status }, effects: [] });
    },
  );

  it.each(orchestrated)('that is %s is left alone when it is heard that it was cancelled', (_, shipment) => {
    expect(when(shipment, heard.orderCancelled).decision).toMatchObject({
      kind: 'ignored',
      reason: expect.stringContaining('orchestrator'),
    });
  });

  it('has its booking taken back when the orchestrator asks, also while it is made', () => {
    const asks = when(given(asked.ship, heard.booked), asked.cancel);
    expect(asks.shipment).toMatchObject({ status: 'CANCELLING', orchestrated: true });
    expect(asks.says).toEqual(['start CancelBooking']);
    expect(when(asks.shipment, heard.takenBack)).toMatchObject({
      shipment: { status: 'CANCELLED', orchestrated: true },
      says: ['ShipmentCancelled'],
    });
    expect(when(given(asked.ship, asked.cancel), heard.booked)).toMatchObject({
      shipment: { status: 'CANCELLING', orchestrated: true },
      says: ['start CancelBooking'],
    });
  });

  it('is seen to by people as any other', () => {
    const failed = given(asked.ship, heard.booked, asked.cancel, heard.notTakenBack);
    expect(when(failed, heard.retryDue).shipment).toMatchObject({ status: 'CANCELLING', orchestrated: true });
    expect(when(failed, heard.resolved).shipment).toMatchObject({ status: 'RESOLVED', orchestrated: true });
  });
});

describe('an order that came to nothing before it was booked', () => {
  it.each([
    ['the orchestrator', asked.cancel],
    ['the order service', heard.orderCancelled],
  ])('is not booked later, when %s said so first', (_, undone) => {
    const tombstone = given(undone);
    expect(tombstone).toEqual({ status: 'VOID', orderId });
    for (const late of [asked.ship, asked.cancel]) {
      expect(when(tombstone, late)).toMatchObject({ decision: { kind: 'ignored' }, shipment: tombstone, effects: [] });
    }
  });
});

describe('an order that has no orchestrator', () => {
  it.each(choreographed)('that is %s does nothing that an orchestrator asks for', (_, shipment) => {
    for (const command of [asked.ship, asked.cancel]) {
      expect(when(shipment, command).decision).toMatchObject({
        kind: 'rejected',
        error: { code: 'ORDER_NOT_ORCHESTRATED', status: 409, message: expect.stringContaining(orderId) },
      });
    }
  });
});
