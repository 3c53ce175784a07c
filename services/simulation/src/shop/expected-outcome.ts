import type { OrderStatuses } from './order-statuses.ts';

/** What the external systems have done for an order. */
export interface ExternalEffects {
  readonly charges: number;
  readonly refunds: number;
  readonly bookings: number;
  readonly liveBookings: number;
  /** Different emails to the customer. */
  readonly confirmations: number;
  readonly cancellations: number;
}
export type OrderOutcome = OrderStatuses & ExternalEffects;
type Allowed = { readonly [Field in keyof OrderOutcome]?: readonly OrderOutcome[Field][] };

/** Checks an order at rest: a sentence for each service or external system that does not agree with the order's end. */
export function outcomeViolations(found: OrderOutcome): string[] {
  const allowed = allowedFor(found);
  if (allowed === undefined) return [`the order is ${found.order}, which is no end`];
  return Object.entries(allowed).flatMap(([field, values]) => {
    const value = found[field as keyof OrderOutcome];
    return (values as readonly unknown[]).includes(value)
      ? []
      : [`the order is ${found.order}, and ${field} is ${value} instead of ${values.join(' or ')}`];
  });
}

function allowedFor(found: OrderOutcome): Allowed | undefined {
  switch (found.order) {
    case 'CONFIRMED':
      return {
        payment: ['COMPLETED'],
        reservation: ['SHIPPED'],
        shipment: ['SCHEDULED'],
        charges: [1],
        refunds: [0],
        bookings: [1],
        liveBookings: [1],
        confirmations: [1],
        cancellations: [0],
      };
    case 'CANCELLED':
      return { ...moneyBack(found), ...nothingKept(found.shipment), confirmations: [0], cancellations: [1] };
    case 'NEEDS_ATTENTION':
      return {
        payment: ['REFUND_FAILED'],
        charges: [1],
        refunds: [0],
        confirmations: [0],
        ...nothingKept(found.shipment),
      };
    default:
      return undefined;
  }
}

/** Nothing was charged, or the provider has refunded it, or an operator has, and then the provider has not. */
function moneyBack({ charges, payment }: OrderOutcome): Allowed {
  if (charges === 0) return { payment: ['FAILED', 'VOID'], refunds: [0] };
  return payment === 'RESOLVED'
    ? { charges: [1], refunds: [0] }
    : { payment: ['REFUNDED'], charges: [1], refunds: [1] };
}

/** A booking stays only where the carrier has refused to cancel it, and the shipment's status says so. */
const nothingKept = (shipment: string): Allowed => ({
  reservation: ['FAILED', 'RELEASED', 'VOID'],
  shipment: ['nothing', 'FAILED', 'CANCELLED', 'CANCEL_FAILED', 'RESOLVED', 'VOID'],
  liveBookings: [shipment === 'CANCEL_FAILED' || shipment === 'RESOLVED' ? 1 : 0],
});

/** Groups of events; an order has at most one event of each group. */
const ONCE = [
  ['OrderCreated'],
  ['OrderConfirmed', 'OrderCancelled'],
  ['PaymentApprovalRequired'],
  ['PaymentCompleted', 'PaymentFailed'],
  ['PaymentRefunded'],
  ['InventoryReserved', 'InventoryFailed'],
  ['InventoryReleased'],
  ['ShipmentScheduled', 'ShipmentFailed'],
  ['ShipmentCancelled'],
] as const;

/** Checks that the events of an order do not contradict one another. */
export function contradictoryFacts(types: readonly string[]): string[] {
  return ONCE.flatMap((names) => {
    const found = types.filter((type) => (names as readonly string[]).includes(type));
    return found.length > 1 ? [`has the events ${found.join(' and ')}`] : [];
  });
}
