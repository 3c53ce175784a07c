import type { Check } from '../check.ts';

/** Groups of events of which an order has at most one: a second event is a second effect. */
const ONCE = [
  ['order.OrderCreated'],
  ['order.OrderConfirmed', 'order.OrderCancelled'],
  ['payment.PaymentApprovalRequired'],
  ['payment.PaymentCompleted', 'payment.PaymentFailed'],
  ['payment.PaymentRefunded', 'order.OrderConfirmed'],
  ['inventory.InventoryReserved', 'inventory.InventoryFailed'],
  ['inventory.InventoryReleased', 'order.OrderConfirmed'],
  ['shipping.ShipmentScheduled', 'shipping.ShipmentFailed'],
  ['shipping.ShipmentCancelled', 'order.OrderConfirmed'],
] as const;

const groups = ONCE.flatMap((names, at) => names.map((name) => `(${at}, 'troupe.${name}')`)).join(', ');

/** One effect for each event and consumer, as far as the keys of the tables do not enforce it. */
export const effects: readonly Check[] = [
  {
    name: 'effects.said-once',
    rule: 'No order has events that contradict (confirmed and cancelled, refunded or released), and no event twice.',
    sql: `SELECT e.key AS id, string_agg(e.type || ' ' || e.id, ', ' ORDER BY e.at) AS what
          FROM (VALUES ${groups}) AS once(at, type) JOIN event e USING (type)
          GROUP BY once.at, e.key HAVING count(*) > 1`,
  },
  {
    name: 'effects.booked-once',
    rule: 'At the carrier an order has at most one booking, and shipping knows it, unless a person has cancelled it there.',
    sql: `SELECT b.reference AS id, count(*) || ' bookings' AS what FROM booking b WHERE b.status <> 'refused'
          GROUP BY b.reference HAVING count(*) > 1
          UNION ALL
          SELECT b.reference, 'booking ' || b.id || ', shipment ' || coalesce(s.status, 'unknown')
          FROM audit, booking b LEFT JOIN shipment s ON s.order_id::text = b.reference
          WHERE b.status <> 'refused' AND b.created_at < audit.horizon AND coalesce(s.updated_at, '-infinity') < audit.horizon
            AND s.booking_id IS DISTINCT FROM b.id
            AND NOT (b.status = 'cancelled' AND coalesce(s.status = 'FAILED', false)
              AND EXISTS (SELECT FROM ended e WHERE e.call = 'Book' AND e.order_id = b.reference))`,
  },
  {
    name: 'effects.confirmed-is-shipped',
    rule: 'A confirmed order has a parcel that is on its way.',
    sql: `SELECT id, 'shipment ' || coalesce(shipment, 'unknown') || ', ' || live_bookings || ' bookings' AS what FROM settled
          WHERE status = 'CONFIRMED' AND (shipment IS DISTINCT FROM 'SCHEDULED' OR live_bookings <> 1)`,
  },
  {
    name: 'effects.cancelled-ships-nothing',
    rule: 'A cancelled order has no parcel on its way, unless the carrier refused to take it back, and that shows.',
    sql: `SELECT id, 'shipment ' || coalesce(shipment, 'unknown') || ', ' || live_bookings || ' bookings' AS what FROM settled
          WHERE status <> 'CONFIRMED'
            AND (coalesce(shipment NOT IN ('FAILED', 'CANCELLED', 'CANCEL_FAILED', 'RESOLVED', 'VOID'), false)
              OR live_bookings > CASE WHEN shipment IN ('CANCEL_FAILED', 'RESOLVED') THEN 1 ELSE 0 END)`,
  },
];
