import type { Stock } from '../measure/views.ts';
import type { NotificationView, OrderView, PaymentView, ShipmentView } from './views.ts';

/** How one order must end: not only its status, but what is left of it in every service. */
export interface Expectation {
  readonly order: { readonly status: string; readonly reason: string | null };
  /** Any of these. */
  readonly payment: readonly string[];
  /** What became of the units that were ordered. */
  readonly stock: 'shipped' | 'unchanged';
  /** `none`: nothing was booked at the carrier. */
  readonly shipment: 'SCHEDULED' | 'FAILED' | 'none';
  /** What the customer was told, in any order; each once. */
  readonly notified: readonly string[];
}

/** What was seen of an order. */
export interface Findings {
  readonly quantity: number;
  readonly order: OrderView;
  readonly payment: PaymentView | undefined;
  readonly stockBefore: Stock;
  readonly stockAfter: Stock;
  readonly shipment: ShipmentView | undefined;
  readonly notifications: readonly NotificationView[];
}

/** One thing that was looked at. */
export interface Check {
  readonly what: string;
  readonly expected: string;
  readonly seen: string;
  readonly ok: boolean;
}

export function check(what: string, expected: string | readonly string[], seen: string): Check {
  const accepted = typeof expected === 'string' ? [expected] : expected;
  return { what, expected: accepted.join(' or '), seen, ok: accepted.includes(seen) };
}

/** Compares what was seen with what must be. */
export function checks(expected: Expectation, findings: Findings): Check[] {
  const { order, payment, shipment, notifications } = findings;
  const charged =
    payment?.status === 'COMPLETED' ? [check('amount paid', String(order.total), String(payment.amount))] : [];
  return [
    check('order', outcome(expected.order), outcome(order)),
    check('payment', expected.payment, payment?.status ?? 'none'),
    ...charged,
    check('stock', moved(expected.stock === 'shipped' ? findings.quantity : 0), movement(findings)),
    check('shipment', expected.shipment, shipmentOf(shipment)),
    check('customer told', list(expected.notified), list(notifications.map(notificationText))),
  ];
}

export function outcome({ status, reason }: { readonly status: string; readonly reason: string | null }): string {
  return reason === null ? status : `${status} ${reason}`;
}

/** A shipment that was only ever remembered as not to be booked is none. */
export function shipmentOf(shipment: ShipmentView | undefined): string {
  return shipment === undefined || shipment.status === 'VOID' ? 'none' : shipment.status;
}

/** Sent, unless it says otherwise. */
function notificationText({ template, status }: NotificationView): string {
  return status === 'SENT' ? template : `${template} (${status})`;
}

function movement({ stockBefore, stockAfter }: Findings): string {
  const change = (place: 'available' | 'reserved' | 'shipped' | 'restocked'): number =>
    stockAfter[place] - stockBefore[place];
  // Units that somebody takes in meanwhile are available, and are none of this order's.
  const available = change('available') - change('restocked');
  return movedUnits({ available, reserved: change('reserved'), shipped: change('shipped') });
}

const moved = (shipped: number): string => movedUnits({ available: 0 - shipped, reserved: 0, shipped });

function movedUnits(change: Readonly<Record<'available' | 'reserved' | 'shipped', number>>): string {
  const parts = Object.entries(change)
    .filter(([, units]) => units !== 0)
    .map(([place, units]) => `${units > 0 ? '+' : '−'}${Math.abs(units)} ${place}`);
  return parts.length === 0 ? 'unchanged' : parts.join(', ');
}

const list = (words: readonly string[]): string => (words.length === 0 ? 'nothing' : [...words].sort().join(', '));
