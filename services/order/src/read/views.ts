import { z } from 'zod';
import type { OrderState, Recorded } from '../domain/order.ts';
import type { OrderProgress } from './order-progress.ts';
import type { OrderRow } from './queries.ts';
import { remedyFor } from './remedy.ts';

const moment = z.iso.datetime();
const amount = z.number().int().min(0);

export const statuses = z.enum(['PENDING', 'AWAITING_APPROVAL', 'CONFIRMED', 'CANCELLED', 'NEEDS_ATTENTION']);

export const orderView = z
  .object({
    orderId: z.uuid(),
    status: statuses,
    reason: z.string().nullable().describe('Why it was cancelled, or what needs attention; stable, for programs.'),
    detail: z.string().nullable().describe('The same for people.'),
    total: amount.describe('In minor units of `currency`.'),
    currency: z.string().describe('ISO 4217.'),
    items: z.array(z.object({ sku: z.string(), quantity: z.number().int(), unitPrice: amount })),
    createdAt: moment,
    updatedAt: moment.describe('Since when it has this status.'),
  })
  .meta({ id: 'Order' });

export const eventView = z.object({
  version: z.number().int().min(1),
  type: z.string(),
  occurredAt: moment,
  data: z.record(z.string(), z.unknown()),
});

export const acceptedView = z.object({
  orderId: z.uuid(),
  status: z.literal('PENDING'),
  traceId: z.string(),
  links: z.object({
    self: z.string(),
    events: z.string(),
    history: z.string(),
    cancel: z.string(),
    saga: z.string().optional().describe('For operators: the saga log of an orchestrated order.'),
    trace: z.string().optional(),
    console: z.string().optional().describe('The order in the console, for people.'),
  }),
});

export const productView = z.object({ sku: z.string(), name: z.string(), unitPrice: amount, currency: z.string() });

export const stuckView = z.object({
  orderId: z.uuid(),
  status: statuses,
  owes: z.enum(['payment', 'inventory', 'shipping', 'order']).describe('Who owes the next step.'),
  expected: z.array(z.string()).describe('One of these events is expected next.'),
  since: moment,
  allowedMs: z.number().int().describe('How long after `since` it may take; 0: it needs attention.'),
  lastEvent: z.string().describe("The last event of the order's own stream."),
  cause: z.string().optional().describe('What needs attention.'),
  remedy: z.string().describe('What a person can look at and do.'),
});

export type OrderView = z.output<typeof orderView>;

/** An order as its projection shows it. */
export function viewOfRow({ createdAt, updatedAt, customerId: _, ...row }: OrderRow): OrderView {
  return { ...row, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}

/** The same, from a state. */
export function viewOfState({ orderId, standing, total, currency, items, placedAt }: OrderState): OrderView {
  return {
    orderId,
    status: standing.status,
    reason: 'reason' in standing ? standing.reason : null,
    detail: 'detail' in standing ? standing.detail : null,
    total,
    currency,
    items: [...items],
    createdAt: placedAt.toISOString(),
    updatedAt: standing.since.toISOString(),
  };
}

/** One event of the order's stream. */
export function viewOfEvent({ version, at, event }: Recorded): z.output<typeof eventView> {
  return { version, type: event.type, occurredAt: at.toISOString(), data: { ...event.data } };
}

/** Where an order is stuck. */
export function viewOfPlace({ overdue: _, since, expected, ...place }: OrderProgress): z.output<typeof stuckView> {
  return { ...place, expected: [...expected], since: since.toISOString(), remedy: remedyFor(place) };
}
