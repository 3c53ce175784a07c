import { id, post, type Route, text } from '@troupe/chassis';
import { z } from 'zod';
import { CancelShipment, ScheduleShipment } from './booking.ts';
import type { Known } from './shipment.ts';
import { shipmentView, viewOfState } from './views.ts';

const orderId = id;
const item = z.strictObject({ sku: text(64), quantity: z.number().int().min(1).max(1_000_000) });
const scheduleBody = z.strictObject({ orderId, items: z.array(item).min(1).max(100) });

/** The steps of an orchestrated order. A choreographed order is answered 409. */
export function orchestratorRoutes(): readonly Route<Known>[] {
  return [
    post<Known>()('/shipments', {
      summary: 'For the orchestrator of an order: book its shipment at the carrier, once',
      asked: 'by an orchestrator',
      body: scheduleBody,
      response: shipmentView,
      command: ({ body }) => ScheduleShipment(body),
      answer: ({ state }, { body }) => {
        return { status: 202, headers: { location: `/shipments/${body.orderId}` }, body: viewOfState(state) };
      },
    }),
    post<Known>()('/shipments/:orderId/cancel', {
      summary: 'For the orchestrator of an order: take its shipment back, or never book it, if it was not booked yet',
      params: z.object({ orderId }),
      asked: 'by an orchestrator',
      body: z.strictObject({}),
      response: shipmentView,
      command: ({ params }) => CancelShipment(params),
      answer: ({ state }) => ({ status: 202, body: viewOfState(state) }),
    }),
  ];
}
