import type { Check } from '../check.ts';

/** Which event may follow which in the stream of an order (rules, money and progress in services/order). */
const PROGRESS: Readonly<Record<string, readonly string[]>> = {
  OrderPlaced: ['ApprovalAwaited', 'PaymentReceived', 'StockReserved', 'ReservationFailed', 'ShipmentRefused'],
  ApprovalAwaited: ['PaymentReceived', 'StockReserved', 'ReservationFailed', 'ShipmentRefused'],
  PaymentReceived: ['StockReserved', 'ReservationFailed', 'ShipmentRefused'],
  StockReserved: ['PaymentReceived', 'ShipmentRefused', 'ApprovalAwaited'],
  ReservationFailed: ['PaymentReceived', 'ApprovalAwaited'],
  ShipmentRefused: ['PaymentReceived', 'StockReserved', 'ApprovalAwaited'],
};
/** An order can end, or be undone, in every state. */
const ENDINGS = ['OrderConfirmed', 'OrderCancelled', 'RefundFailed', 'CompensationFailed', 'MoneyReturned'];
/** After a cancellation money may still come or go back; after a confirmation nothing follows. */
const BEHIND: Readonly<Record<string, readonly string[]>> = {
  OrderConfirmed: [],
  OrderCancelled: ['PaymentReceived', 'RefundFailed', 'CompensationFailed', 'MoneyReturned'],
  RefundFailed: [
    'PaymentReceived',
    'RefundFailed',
    'CompensationFailed',
    'MoneyReturned',
    'OrderCancelled',
    'AllUndone',
  ],
  CompensationFailed: ['RefundFailed', 'CompensationFailed', 'MoneyReturned', 'OrderCancelled', 'AllUndone'],
  MoneyReturned: ['CompensationFailed', 'OrderCancelled', 'AllUndone'],
  AllUndone: [],
};

const pairs = [
  ...Object.entries(PROGRESS).map(([from, next]) => [from, [...next, ...ENDINGS]] as const),
  ...Object.entries(BEHIND),
];
const allowed = pairs.flatMap(([from, next]) => next.map((to) => `('${from}', '${to}')`)).join(', ');

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
    rule: 'What a customer sees of an order follows from its stream.',
    sql: `SELECT o.order_id::text AS id, 'shown as ' || o.status || ', the stream says ' || told.status AS what
          FROM orders o CROSS JOIN LATERAL (
            SELECT max(version) FILTER (WHERE type = 'OrderConfirmed') AS confirmed,
                   max(version) FILTER (WHERE type = 'OrderCancelled') AS cancelled,
                   max(version) FILTER (WHERE type = 'RefundFailed') AS owed,
                   max(version) FILTER (WHERE type = 'CompensationFailed') AS undone_not,
                   max(version) FILTER (WHERE type = 'MoneyReturned') AS returned,
                   max(version) FILTER (WHERE type = 'AllUndone') AS undone,
                   bool_or(type = 'ApprovalAwaited') AND NOT bool_or(type = 'PaymentReceived') AS awaits
            FROM order_event e WHERE e.order_id = o.order_id) e
          CROSS JOIN LATERAL (
            SELECT CASE
              WHEN confirmed IS NOT NULL THEN 'CONFIRMED'
              -- Until everything is undone; or the money is back, where that was all and the order had ended.
              WHEN greatest(owed, undone_not) > greatest(cancelled, undone, 0)
                AND NOT (cancelled IS NOT NULL AND owed > coalesce(undone_not, 0) AND coalesce(returned, 0) > owed)
                THEN 'NEEDS_ATTENTION'
              WHEN cancelled IS NOT NULL THEN 'CANCELLED'
              WHEN awaits THEN 'AWAITING_APPROVAL'
              ELSE 'PENDING' END AS status) told
          WHERE o.status <> told.status`,
  },
];
