import type { Check } from '../check.ts';

/** What waits for a person is no fault of the system: a refused refund, an awaited approval, a dead letter. */
export const liveness: readonly Check[] = [
  {
    name: 'liveness.orders-end',
    rule: 'An order ends, or needs attention, by its deadline.',
    sql: `SELECT o.order_id::text AS id, 'PENDING since ' || o.updated_at AS what
          FROM audit, orders o JOIN order_event e USING (order_id)
          WHERE o.status = 'PENDING' AND e.version = 1
            AND (audit.at_rest OR o.updated_at + (e.data->>'deadlineMs')::bigint * interval '1 millisecond' < audit.late)`,
  },
  {
    name: 'liveness.approvals-end',
    rule: 'An approval is decided, or expires in time.',
    sql: `SELECT o.order_id::text AS id, 'awaits an approval, payment ' || coalesce(p.status, 'unknown') AS what
          FROM audit, orders o LEFT JOIN payment p USING (order_id)
          WHERE o.status = 'AWAITING_APPROVAL' AND o.updated_at < audit.late
            AND (p.status IS DISTINCT FROM 'AWAITING_APPROVAL' AND coalesce(p.updated_at, '-infinity') < audit.horizon
              OR p.approval_expires_at < audit.late)`,
  },
  {
    name: 'liveness.outside-answers',
    rule: 'Every call to the provider, the carrier or the mail server has its answer in time.',
    sql: `SELECT order_id::text AS id, what || ' since ' || updated_at AS what
          FROM audit, (
            SELECT order_id, 'payment ' || status AS what, updated_at FROM payment WHERE status IN ('CHARGING', 'REFUNDING')
            UNION ALL
            SELECT order_id, 'shipment ' || status, updated_at FROM shipment WHERE status IN ('BOOKING', 'CANCELLING')
            UNION ALL
            SELECT order_id, 'e-mail ' || template, updated_at FROM notification WHERE status = 'PENDING') asked
          WHERE updated_at < audit.late`,
  },
  {
    name: 'liveness.sagas-end',
    rule: 'Every orchestrated saga ends, unless a person has to decide.',
    sql: `SELECT g.saga_id::text AS id, g.status || ' since ' || g.updated_at || ', order ' || coalesce(o.status, 'unknown') AS what
          FROM audit, saga g LEFT JOIN orders o ON o.order_id = g.saga_id
          WHERE g.status IN ('STARTED', 'COMPENSATING') AND g.updated_at < audit.late
            AND o.status IS DISTINCT FROM 'AWAITING_APPROVAL'`,
  },
  {
    name: 'liveness.tasks-are-done',
    rule: 'No call and no timer is long due without a process that works on it.',
    sql: `SELECT service || ' ' || name || ' ' || key AS id,
            'due since ' || due_at || ', ' || attempts || ' attempts' || coalesce(': ' || last_error, '') AS what
          FROM audit, task WHERE due_at < audit.late AND coalesce(leased_until, due_at) < audit.late`,
  },
  {
    name: 'liveness.parked-behind-something',
    rule: 'A parked message waits behind a dead letter of its topic and key.',
    sql: `SELECT d.service || ' ' || d.topic || '/' || d.partition || '@' || d."offset" AS id, 'parked behind nothing' AS what
          FROM audit, dead_letter d WHERE d.status = 'PARKED' AND NOT d.settled AND d.received_at < audit.late
            AND NOT EXISTS (SELECT FROM dead_letter e WHERE e.service = d.service AND e.topic = d.topic AND e.key = d.key
              AND NOT e.settled AND e.status <> 'PARKED' AND e.position < d.position)`,
  },
];
