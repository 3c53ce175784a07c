import type { Check } from '../checks.ts';

/** What may follow what in the stream of an order (services/order/src/rules.ts, money.ts). */
const NEXT: Readonly<Record<string, readonly string[]>> = {
  OrderPlaced: ['ApprovalAwaited', 'PaymentReceived', 'StockReserved', 'ReservationFailed', 'ShipmentRefused'],
  ApprovalAwaited: ['PaymentReceived', 'StockReserved', 'ReservationFailed', 'ShipmentRefused'],
  PaymentReceived: ['StockReserved', 'ReservationFailed', 'ShipmentRefused'],
  StockReserved: ['PaymentReceived', 'ShipmentRefused', 'ApprovalAwaited'],
  ReservationFailed: ['PaymentReceived', 'ApprovalAwaited'],
  ShipmentRefused: ['PaymentReceived', 'StockReserved', 'ApprovalAwaited'],
  OrderConfirmed: [],
  OrderCancelled: ['PaymentReceived'],
  RefundFailed: ['PaymentReceived'],
  MoneyReturned: [],
};
/** An order can end, and its money can come back, wherever it stands; not after it was confirmed, nor after its end. */
const ENDINGS = ['OrderConfirmed', 'OrderCancelled', 'RefundFailed', 'MoneyReturned'];
const ALWAYS: Readonly<Record<string, readonly string[]>> = {
  OrderConfirmed: [],
  OrderCancelled: ['RefundFailed', 'MoneyReturned'],
  RefundFailed: ['RefundFailed', 'MoneyReturned', 'OrderCancelled'],
  MoneyReturned: ['OrderCancelled'],
};

const allowed = Object.entries(NEXT)
  .flatMap(([from, next]) => [...next, ...(ALWAYS[from] ?? ENDINGS)].map((to) => `('${from}', '${to}')`))
  .join(', ');

export const transitions: readonly Check[] = [
  {
    name: 'transitions.allowed',
    rule: 'The stream of an order takes only steps that the rules allow.',
    sql: `WITH steps AS (
            SELECT order_id, version, type, lag(type) OVER (PARTITION BY order_id ORDER BY version) AS before FROM order_event)
          SELECT order_id::text AS id, coalesce(before, 'nothing') || ' → ' || type || ' (' || version || ')' AS what
          FROM steps WHERE before IS NULL AND type <> 'OrderPlaced'
             OR before IS NOT NULL AND (before, type) NOT IN (VALUES ${allowed})`,
  },
  {
    name: 'transitions.projection-agrees',
    rule: 'What a customer sees of an order is what its stream tells.',
    sql: `SELECT o.order_id::text AS id, 'shown as ' || o.status || ', the stream says ' || told.status AS what
          FROM orders o CROSS JOIN LATERAL (
            SELECT CASE
              WHEN bool_or(type = 'OrderConfirmed') THEN 'CONFIRMED'
              WHEN bool_or(type = 'RefundFailed') AND NOT bool_or(type = 'MoneyReturned') THEN 'NEEDS_ATTENTION'
              WHEN bool_or(type = 'OrderCancelled') THEN 'CANCELLED'
              WHEN bool_or(type = 'ApprovalAwaited') AND NOT bool_or(type = 'PaymentReceived') THEN 'AWAITING_APPROVAL'
              ELSE 'PENDING' END AS status
            FROM order_event e WHERE e.order_id = o.order_id) told
          WHERE o.status <> told.status`,
  },
];
