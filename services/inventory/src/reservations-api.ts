import { type ApiContext, get, id, post, type Route, text } from '@troupe/chassis';
import type { PrismaClient } from '@troupe/inventory-database';
import { z } from 'zod';
import { type InventoryState, ReleaseItems, type Reservation, ReserveItems, reservationNotFound } from './inventory.ts';
import { findReservation } from './repository.ts';

const orderId = id;
const params = z.object({ orderId });
const item = z.strictObject({ sku: text(64), quantity: z.number().int().min(1).max(1_000_000) });
const items = z.array(item).min(1).max(100);

const reserveBody = z.strictObject({ orderId, items });
const releaseBody = z.strictObject({
  items: items.describe('All items of the order, as when they were reserved.'),
  reason: z
    .enum(['SHIPMENT_REFUSED', 'ORDER_CANCELLED'])
    .describe('Why it is undone: a later step failed, or the order was cancelled.'),
});

const reservationView = z.object({
  orderId: z.uuid(),
  status: z
    .enum(['RESERVED', 'FAILED', 'RELEASED', 'SHIPPED', 'VOID'])
    .describe('FAILED: nothing is reserved. VOID: the order was cancelled before its payment arrived here.'),
  items: z.array(z.object({ sku: z.string(), quantity: z.number().int() })),
  reason: z.enum(['OUT_OF_STOCK', 'SHIPMENT_REFUSED', 'ORDER_CANCELLED']).optional(),
  detail: z.string().optional().describe('Why nothing was reserved, for people.'),
});

/** An order's reservation, and the steps of an orchestrated order. A choreographed order is answered 409. */
export function reservationRoutes({ database }: ApiContext<PrismaClient, unknown>): readonly Route<InventoryState>[] {
  return [
    get('/reservations/:orderId', {
      summary: 'The reservation of an order',
      params,
      response: reservationView,
      async handle({ params }) {
        const reservation = await findReservation(database, params.orderId);
        if (reservation === undefined) throw reservationNotFound(params.orderId);
        return { status: 200, body: viewOf(reservation) };
      },
    }),
    post<InventoryState>()('/reservations', {
      summary: 'For the orchestrator of an order: reserve all its items, once, or none of them if one is out of stock',
      asked: 'by an orchestrator',
      body: reserveBody,
      response: reservationView,
      command: ({ body }) => ReserveItems(body),
      answer: ({ state }) => ({ status: 200, body: viewOf(left(state)) }),
    }),
    post<InventoryState>()('/reservations/:orderId/release', {
      summary:
        'For the orchestrator of an order: release its items, or never reserve them, if they are not reserved yet',
      params,
      asked: 'by an orchestrator',
      body: releaseBody,
      response: reservationView,
      command: ({ params, body }) => ReleaseItems({ ...params, ...body }),
      answer: ({ state }) => ({ status: 200, body: viewOf(left(state)) }),
    }),
  ];
}

function left({ reservation }: InventoryState): Reservation {
  if (reservation === undefined) throw new Error('A command that was not rejected left no reservation behind.');
  return reservation;
}

function viewOf(reservation: Reservation): z.output<typeof reservationView> {
  const { orderId, status } = reservation;
  switch (status) {
    case 'RESERVED':
    case 'SHIPPED':
      return { orderId, status, items: [...reservation.items] };
    case 'RELEASED':
      return { orderId, status, items: [...reservation.items], reason: reservation.reason };
    case 'FAILED':
      return { orderId, status, items: [...reservation.items], reason: 'OUT_OF_STOCK', detail: reservation.reason };
    case 'VOID':
      return { orderId, status, items: [] };
    default:
      return status satisfies never;
  }
}
