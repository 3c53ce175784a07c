import type { Standings } from './standings.ts';

/** What the outside has done for an order. */
export interface Done {
  readonly charges: number;
  readonly refunds: number;
  readonly bookings: number;
  readonly liveBookings: number;
  /** Different dead letters to the customer. */
  readonly confirmations: number;
  readonly cancellations: number;
}
export type Found = Standings & Done;
type Allowed = { readonly [Field in keyof Found]?: readonly Found[Field][] };

/**
 * What is wrong with an order when nothing more happens: sentences, none when all is well.
 */
export function wrongWith(found: Found): string[] {
  const allowed = allowedFor(found);
  if (allowed === undefined) return [`the order is ${found.order}, which is no end`];
  return Object.entries(allowed).flatMap(([field, values]) => {
    const value = found[field as keyof Found];
    return (values as readonly unknown[]).includes(value)
      ? []
      : [`the order is ${found.order}, and ${field} is ${value} instead of ${values.join(' or ')}`];
  });
}

function allowedFor(found: Found): Allowed | undefined {
  switch (found.order) {
    case 'CONFIRMED':
      return {
        ...{ payment: ['COMPLETED'], reservation: ['SHIPPED'], shipment: ['SCHEDULED'] },
        ...{ charges: [1], refunds: [0], bookings: [1], liveBookings: [1], confirmations: [1], cancellations: [0] },
      };
    case 'CANCELLED':
      return { ...moneyBack(found), ...nothingKept(found.shipment), confirmations: [0], cancellations: [1] };
    case 'NEEDS_ATTENTION':
      return {
        ...{ payment: ['REFUND_FAILED'], charges: [1], refunds: [0], confirmations: [0] },
        ...nothingKept(found.shipment),
      };
    default:
      return undefined;
  }
}

/** Never taken, or given back by the provider, or by hand and then not by the provider as well. */
function moneyBack({ charges, payment }: Found): Allowed {
  if (charges === 0) return { payment: ['FAILED', 'VOID'], refunds: [0] };
  return payment === 'RESOLVED'
    ? { charges: [1], refunds: [0] }
    : { payment: ['REFUNDED'], charges: [1], refunds: [1] };
}

/** A booking lives on only where the carrier has refused to take it back, and that can be seen. */
const nothingKept = (shipment: string): Allowed => ({
  reservation: ['FAILED', 'RELEASED', 'VOID'],
  shipment: ['nothing', 'FAILED', 'CANCELLED', 'CANCEL_FAILED', 'RESOLVED', 'VOID'],
  liveBookings: [shipment === 'CANCEL_FAILED' || shipment === 'RESOLVED' ? 1 : 0],
});

/** Facts of which an order has at most one, together. */
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

/** Facts that were told of an order and cannot all be true. */
export function saidTwice(types: readonly string[]): string[] {
  return ONCE.flatMap((names) => {
    const found = types.filter((type) => (names as readonly string[]).includes(type));
    return found.length > 1 ? [`was told ${found.join(' and ')}`] : [];
  });
}
