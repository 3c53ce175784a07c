import type { Check } from '../check.ts';

/** States, and the event without which no row may be in them. */
const SAID = [
  ['orders', ['PENDING', 'AWAITING_APPROVAL', 'CONFIRMED', 'CANCELLED', 'NEEDS_ATTENTION'], 'order.OrderCreated'],
  ['orders', ['CONFIRMED'], 'order.OrderConfirmed'],
  ['orders', ['CANCELLED'], 'order.OrderCancelled'],
  ['payment', ['COMPLETED'], 'payment.PaymentCompleted'],
  ['payment', ['FAILED'], 'payment.PaymentFailed'],
  ['payment', ['REFUND_FAILED'], 'payment.PaymentRefundFailed'],
  ['payment', ['REFUNDED', 'RESOLVED'], 'payment.PaymentRefunded'],
  ['reservation', ['RESERVED', 'RELEASED', 'SHIPPED'], 'inventory.InventoryReserved'],
  ['reservation', ['FAILED'], 'inventory.InventoryFailed'],
  ['reservation', ['RELEASED'], 'inventory.InventoryReleased'],
  ['shipment', ['SCHEDULED'], 'shipping.ShipmentScheduled'],
  ['shipment', ['FAILED'], 'shipping.ShipmentFailed'],
  ['shipment', ['CANCEL_FAILED'], 'shipping.ShipmentCancelFailed'],
  ['shipment', ['CANCELLED', 'RESOLVED'], 'shipping.ShipmentCancelled'],
  ['notification', ['SENT'], 'notification.NotificationSent'],
  ['notification', ['FAILED'], 'notification.NotificationFailed'],
] as const;

const unsaid = SAID.map(([table, statuses, name]) => {
  const of = statuses.map((status) => `'${status}'`).join(', ');
  return `SELECT t.order_id::text AS id, '${table} is ' || t.status || ', and no ${name} is on its topic' AS what
          FROM audit, ${table} t JOIN retained ON retained.topic = '${name.split('.')[0]}.events'
          WHERE t.status IN (${of}) AND t.updated_at < audit.horizon AND ${table === 'orders' ? 't.created_at' : 't.updated_at'} > retained.since
            AND NOT EXISTS (SELECT FROM event e WHERE e.key = t.order_id::text AND e.type = 'troupe.${name}')`;
}).join('\n UNION ALL ');

/** What is decided is published, and what is published is handled: outbox = topic = inbox, or a dead letter. */
export const publication: readonly Check[] = [
  {
    name: 'publication.state-is-said',
    rule: 'Every state that others must know of has its event on its topic.',
    sql: unsaid,
  },
  {
    name: 'publication.outbox-is-published',
    rule: 'Every row of an outbox is on its topic.',
    sql: `SELECT o.id::text, o.service || ' has not published ' || o.type || ' of ' || o.key AS what
          FROM audit, outbox o JOIN retained USING (topic)
          WHERE o.at < audit.horizon AND o.at > retained.since
            AND NOT EXISTS (SELECT FROM event e WHERE e.id = o.id AND e.topic = o.topic AND e.key = o.key AND e.type = o.type)`,
  },
  {
    name: 'publication.heard-by-all',
    rule: 'Every event was handled by each service that hears it, or is among its dead letters.',
    sql: `SELECT e.id::text, h.service || ' has not handled ' || e.type || ' of ' || e.key AS what
          FROM audit, event e JOIN hears h USING (topic, type)
          WHERE e.at < audit.horizon
            AND NOT EXISTS (SELECT FROM inbox i WHERE i.service = h.service AND i.event_id = e.id)
            AND NOT EXISTS (SELECT FROM dead_letter d JOIN record r USING (topic, partition, "offset")
                            WHERE d.service = h.service AND r.id = e.id)`,
  },
  {
    name: 'publication.heard-was-said',
    rule: 'Every event that was handled is on a topic that its service reads.',
    sql: `SELECT i.event_id::text AS id, i.service || ' has handled an event that nobody said' AS what
          FROM audit, inbox i
          WHERE i.received_at < audit.horizon
            AND i.received_at > (SELECT max(r.since) FROM retained r JOIN hears h USING (topic) WHERE h.service = i.service)
            AND NOT EXISTS (SELECT FROM event e JOIN hears h USING (topic) WHERE e.id = i.event_id AND h.service = i.service)`,
  },
  {
    name: 'publication.one-id-one-payload',
    rule: 'An event id stands for the same bytes everywhere.',
    sql: `SELECT id::text, count(DISTINCT payload_hash) || ' payloads: ' || string_agg(DISTINCT place, ', ') AS what FROM (
            SELECT id, payload_hash, topic || '/' || partition || '@' || "offset" AS place FROM record
              WHERE id IS NOT NULL AND topic LIKE '%.events'
            UNION ALL SELECT id, payload_hash, 'outbox of ' || service FROM outbox
            UNION ALL SELECT event_id, payload_hash, 'inbox of ' || service FROM inbox) seen
          GROUP BY id HAVING count(DISTINCT payload_hash) > 1`,
  },
  {
    name: 'publication.on-its-own-topic',
    rule: 'On a topic are only events of its owner, with an id, a type and a key.',
    sql: `SELECT topic || '/' || partition || '@' || "offset" AS id, coalesce(type, 'no type') || ' of ' || coalesce(key, 'no key') AS what
          FROM record WHERE topic LIKE '%.events'
            AND (id IS NULL OR key IS NULL OR type IS NULL OR split_part(type, '.', 2) || '.events' <> topic)`,
  },
  {
    name: 'publication.topics-can-be-read',
    rule: 'Everything on a topic can be read, or was discarded by every service that hears the topic.',
    sql: `SELECT u.topic || '/' || u.partition || '@' || u."offset" AS id, u.reason AS what FROM unreadable u
          WHERE EXISTS (SELECT FROM hears h WHERE h.topic = u.topic AND NOT EXISTS (
            SELECT FROM dead_letter d WHERE d.settled AND d.service = h.service
              AND d.topic = u.topic AND d.partition = u.partition AND d."offset" = u."offset"))`,
  },
  {
    name: 'publication.lag-is-bounded',
    rule: 'No consumer is further behind than the bound.',
    sql: `SELECT r.service || ' ' || p.topic || '/' || p.partition AS id,
            'at ' || coalesce(h."offset", p.low) || ' of ' || p.high || ', oldest from ' || next.at AS what
          FROM audit, (SELECT DISTINCT service, topic FROM hears) r JOIN partition p USING (topic)
          LEFT JOIN handled h USING (service, topic, partition)
          CROSS JOIN LATERAL (SELECT at FROM record n WHERE n.topic = p.topic AND n.partition = p.partition
            AND n."offset" >= coalesce(h."offset", p.low) ORDER BY n."offset" LIMIT 1) next
          WHERE next.at < audit.late`,
  },
  {
    name: 'publication.slots-are-healthy',
    rule: 'No replication slot is lost, nearly lost, or under repair for long.',
    sql: `SELECT service AS id, 'slot ' || wal_status || ', ' || retained_bytes / 1000000 || ' MB behind' AS what FROM slot
          WHERE wal_status NOT IN ('reserved', 'extended') OR retained_bytes > 512 * 1024 * 1024
          UNION ALL
          SELECT service, 'its outbox is being published again since ' || began_at || ': ' || cause
          FROM audit, recovery WHERE began_at < audit.late`,
  },
];
