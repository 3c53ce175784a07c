import type { Check } from '../check.ts';

/** Order along each key: from the stream to the outbox, on the topic, and at each consumer. */
export const orderOfEvents: readonly Check[] = [
  {
    name: 'order.streams-have-no-gaps',
    rule: 'The stream of an order counts from 1 without gaps, and every order has one.',
    sql: `SELECT coalesce(o.order_id, e.order_id)::text AS id, coalesce(e.count, 0) || ' events, the last is ' || coalesce(e.last, 0) AS what
          FROM orders o FULL JOIN (
            SELECT order_id, count(*), max(version) AS last, min(version) AS first FROM order_event GROUP BY order_id) e USING (order_id)
          WHERE o.order_id IS NULL OR e.order_id IS NULL OR e.first <> 1 OR e.last <> e.count`,
  },
  {
    name: 'order.topic-as-outbox',
    rule: 'The events of a key are on their topic in the order of the outbox.',
    sql: `WITH placed AS (
            SELECT o.service, o.key, o.position, o.id, e.partition, e."offset",
                   lag(e."offset") OVER key AS before, lag(e.partition) OVER key AS partition_before, lag(o.id) OVER key AS id_before
            FROM outbox o JOIN event e ON e.id = o.id
            WINDOW key AS (PARTITION BY o.service, o.key ORDER BY o.position))
          SELECT key AS id, service || ' published ' || id || ' before ' || id_before AS what FROM placed
          WHERE "offset" < before OR partition <> partition_before`,
  },
  {
    name: 'order.handled-as-said',
    rule: 'Each service handled the events of a topic and key in the order of the topic.',
    sql: `WITH taken AS (
            SELECT i.service, e.topic, e.key, e.id, i.age, lag(i.age) OVER key AS age_before, lag(e.id) OVER key AS id_before
            FROM event e JOIN hears h USING (topic, type) JOIN inbox i ON i.service = h.service AND i.event_id = e.id
            WINDOW key AS (PARTITION BY i.service, e.topic, e.key ORDER BY e."offset"))
          SELECT key AS id, service || ' handled ' || id || ' before ' || id_before || ' of ' || topic AS what FROM taken
          WHERE age > age_before`,
  },
];
