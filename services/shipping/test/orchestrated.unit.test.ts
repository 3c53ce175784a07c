import { describe, expect, it } from '@jest/globals';
import { like } from '@troupe/chassis/testing';
import { ShipmentCancelled, ShipmentFailed, ShipmentScheduled } from '@troupe/schemas';
import { Book, CancelBooking, CancelRetry, type Shipment } from '../src/shipment.ts';
import { acceptance, asked, given, heard, items, type Message, orderId, shipmentId } from './story.ts';

const parcel = { orderId, shipmentId, items, orchestrated: true } as const;
const reserved = { ...heard.reserved, data: { ...heard.reserved.data, orchestrated: true } };

/** A shipment in each status that an orchestrator can find it in. */
const inEveryStatus = (booked: Message, undone: Message) =>
  [
    ['BOOKING', given(booked)],
    ['SCHEDULED', given(booked, heard.booked)],
    ['FAILED', given(booked, heard.refused)],
    ['CANCELLING', given(booked, heard.booked, undone)],
    ['CANCEL_FAILED', given(booked, heard.booked, undone, heard.notTakenBack)],
    ['CANCELLED', given(booked, heard.booked, undone, heard.takenBack)],
    ['RESOLVED', given(booked, heard.booked, undone, heard.notTakenBack, heard.resolved)],
  ] as const;
const orchestrated = inEveryStatus(asked.ship, asked.cancel);
const choreographed = inEveryStatus(heard.reserved, heard.orderCancelled);

const styled = (status: 'CANCELLING' | 'CANCELLED' | 'RESOLVED') => like<Shipment>({ status, orchestrated: true });

describe('an order that has an orchestrator', () => {
  it('is not booked when its reservation is heard of', () => {
    for (const shipment of [given(), ...orchestrated.map(([, shipment]) => shipment)])
      shipment.when(reserved).thenIgnored(/orchestrator/);
  });

  it('is booked when the orchestrator asks', () => {
    const booking = given()
      .when(asked.ship)
      .then({ state: { ...parcel, status: 'BOOKING' }, starts: [Book({ orderId, items })] });
    booking
      .when(heard.booked)
      .then({ state: { ...parcel, ...acceptance, status: 'SCHEDULED' }, emits: [ShipmentScheduled] });
    booking.when(heard.refused).then({ state: like({ ...parcel, status: 'FAILED' }), emits: [ShipmentFailed] });
  });

  it.each(orchestrated)(
    'is not booked again when it is %s, however often the orchestrator asks',
    (status, shipment) => {
      shipment
        .when(asked.ship)
        .thenIgnored()
        .has({ state: like({ status }) });
    },
  );

  it.each(orchestrated)('that is %s is left alone when it is heard that it was cancelled', (_, shipment) => {
    shipment.when(heard.orderCancelled).thenIgnored(/orchestrator/);
  });

  it('has its booking taken back when the orchestrator asks, also while it is made', () => {
    given(asked.ship, heard.booked)
      .when(asked.cancel)
      .then({ state: styled('CANCELLING'), starts: [CancelBooking] })
      .when(heard.takenBack)
      .then({ state: styled('CANCELLED'), emits: [ShipmentCancelled] });
    given(asked.ship, asked.cancel)
      .when(heard.booked)
      .then({ state: styled('CANCELLING'), starts: [CancelBooking] });
  });

  it('is seen to by people as any other', () => {
    const failed = given(asked.ship, heard.booked, asked.cancel, heard.notTakenBack);
    failed.when(heard.retryDue).then({ state: styled('CANCELLING'), starts: [CancelBooking] });
    failed.when(heard.resolved).then({ state: styled('RESOLVED'), emits: [ShipmentCancelled], cancels: [CancelRetry] });
  });
});

describe('an order that came to nothing before it was booked', () => {
  it.each([
    ['the orchestrator', asked.cancel],
    ['the order service', heard.orderCancelled],
  ])('is not booked later, when %s said so first', (_, undone) => {
    const tombstone = given(undone).has({ state: { status: 'VOID', orderId } });
    for (const late of [asked.ship, asked.cancel])
      tombstone
        .when(late)
        .thenIgnored()
        .has({ state: { status: 'VOID', orderId } });
  });
});

describe('an order that has no orchestrator', () => {
  it.each(choreographed)('that is %s does nothing that an orchestrator asks for', (_, shipment) => {
    for (const command of [asked.ship, asked.cancel])
      shipment
        .when(command)
        .thenRejected('ORDER_NOT_ORCHESTRATED', { status: 409, message: expect.stringContaining(orderId) });
  });
});
