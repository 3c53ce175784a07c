import type { Check } from '../check.ts';

const moved = `charges || ' charges, ' || refunds || ' refunds at the provider, payment ' || coalesce(payment, 'unknown')`;

/** What was taken is what was owed, and who got nothing has it back. */
export const money: readonly Check[] = [
  {
    name: 'money.confirmed-is-paid-once',
    rule: 'A confirmed order is paid once, and none of the money was given back.',
    sql: `SELECT id, ${moved} AS what FROM settled
          WHERE status = 'CONFIRMED' AND (payment IS DISTINCT FROM 'COMPLETED' OR charges <> 1 OR refunds <> 0)`,
  },
  {
    name: 'money.cancelled-keeps-nothing',
    rule: 'For a cancelled order no money was taken, or the provider gave it back once, or a person did.',
    sql: `SELECT id, ${moved} AS what FROM settled WHERE status = 'CANCELLED' AND NOT (
            coalesce(payment IN ('FAILED', 'VOID'), false) AND charges = 0 AND refunds = 0
            OR coalesce(payment = 'REFUNDED', false) AND charges = 1 AND refunds = 1
            OR (money_by_hand OR coalesce(payment = 'RESOLVED', false)) AND charges = 1
            OR id IN (SELECT id FROM undone_outside))`,
  },
  {
    name: 'money.resolved-once',
    rule: 'Money that a person gave back by hand was not given back by the provider as well.',
    sql: `SELECT l.reference AS id, 'resolved by hand, and refund ' || l.id || ' of ' || l.amount || ' at the provider' AS what
          FROM ledger l WHERE l.kind = 'refund' AND l.status = 'succeeded' AND (
            EXISTS (SELECT FROM payment p WHERE p.order_id::text = l.reference AND p.status = 'RESOLVED')
            OR EXISTS (SELECT FROM saga_step t WHERE t.saga_id::text = l.reference AND t.name = 'charge payment'
                       AND t.compensation = 'RESOLVED'))`,
  },
  {
    name: 'money.owed-is-visible',
    rule: 'An order needs attention exactly while its refund is refused, or a step of its saga cannot be undone.',
    sql: `SELECT id, status || coalesce(', saga ' || saga, '') || ', ' || ${moved} AS what FROM settled
          WHERE status = 'NEEDS_ATTENTION' AND payment IS DISTINCT FROM 'REFUND_FAILED' AND saga IS DISTINCT FROM 'COMPENSATION_FAILED'
             OR payment = 'REFUND_FAILED' AND (status <> 'NEEDS_ATTENTION' AND NOT money_by_hand OR charges <> 1 OR refunds <> 0)`,
  },
  {
    name: 'money.charged-once',
    rule: 'At the provider an order has at most one charge, and at most one refund.',
    sql: `SELECT reference AS id, count(*) || ' times ' || kind AS what FROM ledger WHERE status = 'succeeded'
          GROUP BY reference, kind HAVING count(*) > 1`,
  },
  {
    name: 'money.refund-within-charge',
    rule: 'No charge is refunded beyond its amount.',
    sql: `SELECT l.charge AS id, 'refunds of ' || sum(l.amount) || ', charge of ' || coalesce(max(c.amount)::text, 'nothing') AS what
          FROM ledger l LEFT JOIN ledger c ON c.kind = 'charge' AND c.status = 'succeeded' AND c.id = l.charge
          WHERE l.kind = 'refund' AND l.status = 'succeeded'
          GROUP BY l.charge HAVING sum(l.amount) > coalesce(max(c.amount), 0)`,
  },
  {
    name: 'money.charges-are-known',
    rule: 'Every charge and refund at the provider is in the books of payment, with its amount, unless a person undid the charge there.',
    sql: `SELECT l.id, l.kind || ' of ' || l.amount || ' for ' || l.reference || ', payment ' || coalesce(p.status, 'unknown') AS what
          FROM audit, ledger l LEFT JOIN payment p ON p.order_id::text = l.reference
          WHERE l.status = 'succeeded' AND l.created_at < audit.horizon
            AND NOT EXISTS (SELECT FROM undone_outside u WHERE u.id = l.reference)
            AND coalesce(p.updated_at, '-infinity') < audit.horizon
            AND (p.order_id IS NULL OR p.amount IS DISTINCT FROM l.amount
              OR l.kind = 'charge' AND p.currency IS DISTINCT FROM l.currency
              OR l.kind = 'charge' AND p.charge_id IS DISTINCT FROM l.id
              OR l.kind = 'refund' AND p.refund_id IS DISTINCT FROM l.id AND p.status <> 'RESOLVED')`,
  },
  {
    name: 'money.books-are-true',
    rule: 'Every charge and refund in the books of payment is at the provider.',
    sql: `SELECT p.order_id::text AS id, p.status || ', ' || b.kind || ' ' || b.id || ' is not at the provider' AS what
          FROM audit, payment p CROSS JOIN LATERAL (VALUES ('charge', p.charge_id), ('refund', p.refund_id)) AS b(kind, id)
          WHERE b.id IS NOT NULL AND p.updated_at < audit.horizon AND NOT EXISTS (
            SELECT FROM ledger l WHERE l.kind = b.kind AND l.id = b.id AND l.status = 'succeeded')`,
  },
  {
    name: 'money.price-is-charged',
    rule: 'The amount charged is the sum of the lines of the order.',
    sql: `SELECT o.order_id::text AS id,
            'total ' || o.total || ', lines ' || lines.sum || ', payment ' || coalesce(p.amount::text, 'none') AS what
          FROM orders o LEFT JOIN payment p USING (order_id) CROSS JOIN LATERAL (
            SELECT sum((line->>'quantity')::bigint * (line->>'unitPrice')::bigint) AS sum
            FROM jsonb_array_elements(o.items) AS line) lines
          WHERE o.total IS DISTINCT FROM lines.sum
             OR p.amount IS NOT NULL AND (p.amount <> o.total OR p.currency <> o.currency)`,
  },
];
