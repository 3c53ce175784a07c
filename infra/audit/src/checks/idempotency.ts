import type { Check } from '../check.ts';

/** What a client was answered holds. */
export const idempotency: readonly Check[] = [
  {
    name: 'idempotency.accepted-is-kept',
    rule: 'Every order that was accepted under an idempotency key exists.',
    sql: `SELECT a.order_id AS id, 'accepted under ' || a.scope || ' ' || a.key || ', and not there' AS what
          FROM answer a WHERE a.service = 'order' AND a.status = 202 AND a.order_id IS NOT NULL
            AND NOT EXISTS (SELECT FROM orders o WHERE o.order_id::text = a.order_id)`,
  },
  {
    name: 'idempotency.one-order-per-key',
    rule: 'Two idempotency keys never stand for the same order, and no customer is answered with the order of another.',
    sql: `SELECT a.order_id AS id, count(*) || ' keys' AS what FROM answer a
          WHERE a.service = 'order' AND a.status = 202 AND a.scope LIKE '% POST /orders%' AND a.scope NOT LIKE '%/cancel'
          GROUP BY a.order_id HAVING count(*) > 1
          UNION ALL
          SELECT o.order_id::text, 'of ' || o.customer_id || ', answered to ' || a.scope
          FROM answer a JOIN orders o ON o.order_id::text = a.order_id
          WHERE a.service = 'order' AND a.status = 202 AND a.scope NOT LIKE '%' || o.customer_id || ' %'`,
  },
];
