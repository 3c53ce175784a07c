import { type ApiContext, atRest, get, id, post, type Route, reason, wait } from '@troupe/chassis';
import type { PrismaClient } from '@troupe/shipping-database';
import { z } from 'zod';
import { ResolveCancellation, RetryCancellation } from './cancelling.ts';
import { orchestratorRoutes } from './orchestrator-api.ts';
import { findShipment } from './repository.ts';
import { isUnderWay, type Known, type Shipment, shipmentNotFound } from './shipment.ts';
import { datedView, shipmentView, viewOfRow, viewOfState } from './views.ts';

const params = z.object({ orderId: id });

const retryBody = z.strictObject({ reason: reason.optional().describe('Why; for the audit trail.') });
const resolveBody = z.strictObject({ reason: reason.describe('How it was settled; for the audit trail.') });

export function shippingApi({
  database,
  changes,
}: ApiContext<PrismaClient, unknown, Shipment>): readonly Route<Known>[] {
  /** @throws DomainError 404 */
  async function look(orderId: string) {
    const row = await findShipment(database, orderId);
    if (row === null) throw shipmentNotFound(orderId);
    return row;
  }

  return [
    get('/shipments/:orderId', {
      summary:
        'The shipment of an order; with `wait`, when the carrier is not being asked: all but BOOKING, CANCELLING',
      params,
      query: z.object({ wait }),
      response: datedView,
      async handle({ params: { orderId }, query, signal }) {
        const answered = ({ status }: { status: string }) => !isUnderWay(status as Shipment['status']);
        const waiting = { changes, key: orderId, waitMs: query.wait * 1_000, signal, worthALook: answered };
        return { status: 200, body: viewOfRow(await atRest(() => look(orderId), answered, waiting)) };
      },
    }),
    ...orchestratorRoutes(),
    post<Known>()('/shipments/:orderId/cancellation/retry', {
      summary: 'Ask the carrier again, at once, to take back a shipment that it refused to take back',
      params,
      asked: 'by an orchestrator',
      body: retryBody,
      response: shipmentView,
      command: ({ params: { orderId } }) => RetryCancellation({ orderId }),
      act: ({ params, body }) => ({ act: 'cancellation.retry', target: params.orderId, reason: body.reason }),
      answer: ({ state }) => ({ status: 202, body: viewOfState(state) }),
    }),
    post<Known>()('/shipments/:orderId/cancellation/resolve', {
      summary: 'Settle by hand a shipment that the carrier does not take back',
      params,
      asked: 'by an orchestrator',
      body: resolveBody,
      response: shipmentView,
      command: ({ params: { orderId }, body }) => ResolveCancellation({ orderId, ...body }),
      act: ({ params, body }) => ({ act: 'cancellation.resolve', target: params.orderId, reason: body.reason }),
      answer: ({ state }) => ({ status: 200, body: viewOfState(state) }),
    }),
  ];
}
