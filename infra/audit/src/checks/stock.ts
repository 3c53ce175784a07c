import type { Check } from '../check.ts';

/** Every unit is where an order says that it is. */
export const stock: readonly Check[] = [
  {
    name: 'stock.conserved',
    rule: 'For each product, initial + restocked = available + reserved + shipped, and no count is negative.',
    sql: `SELECT sku AS id,
            initial || ' + ' || restocked || ' in, ' || available || ' + ' || reserved || ' + ' || shipped || ' there' AS what
          FROM stock
          WHERE initial + restocked <> available + reserved + shipped OR least(available, reserved, shipped, restocked) < 0`,
  },
  {
    name: 'stock.reservations-agree',
    rule: 'The reserved and shipped units of a product are those of the reservations of orders.',
    sql: `WITH taken AS (
            SELECT item->>'sku' AS sku,
                   coalesce(sum((item->>'quantity')::bigint) FILTER (WHERE r.status = 'RESERVED'), 0) AS reserved,
                   coalesce(sum((item->>'quantity')::bigint) FILTER (WHERE r.status = 'SHIPPED'), 0) AS shipped
            FROM reservation r CROSS JOIN LATERAL jsonb_array_elements(r.items) AS item GROUP BY 1)
          SELECT sku AS id, 'reserved ' || s.reserved || ', by orders ' || coalesce(t.reserved, 0) ||
            '; shipped ' || s.shipped || ', by orders ' || coalesce(t.shipped, 0) AS what
          FROM stock s LEFT JOIN taken t USING (sku)
          WHERE s.reserved <> coalesce(t.reserved, 0) OR s.shipped <> coalesce(t.shipped, 0)`,
  },
  {
    name: 'stock.restocks-agree',
    rule: 'The restocked units of a product are the sum of its deliveries.',
    sql: `SELECT sku AS id, 'restocked ' || s.restocked || ', deliveries ' || coalesce(sum(r.quantity), 0) AS what
          FROM stock s LEFT JOIN restock r USING (sku) GROUP BY sku, s.restocked
          HAVING s.restocked <> coalesce(sum(r.quantity), 0)`,
  },
  {
    name: 'stock.confirmed-is-shipped',
    rule: 'The units of a confirmed order have left, in the quantities that were ordered.',
    sql: `SELECT s.id, 'reservation ' || coalesce(s.reservation, 'unknown') AS what
          FROM settled s JOIN orders o USING (order_id) LEFT JOIN reservation r USING (order_id)
          WHERE s.status = 'CONFIRMED' AND (s.reservation IS DISTINCT FROM 'SHIPPED' OR EXISTS (
            SELECT FROM (SELECT line->>'sku' AS sku, sum((line->>'quantity')::bigint) AS n
                         FROM jsonb_array_elements(o.items) AS line GROUP BY 1) wanted
            FULL JOIN (SELECT item->>'sku' AS sku, sum((item->>'quantity')::bigint) AS n
                       FROM jsonb_array_elements(r.items) AS item GROUP BY 1) had USING (sku)
            WHERE wanted.n IS DISTINCT FROM had.n))`,
  },
  {
    name: 'stock.cancelled-keeps-nothing',
    rule: 'The units of a cancelled order are back, or were never reserved.',
    sql: `SELECT id, status || ', reservation ' || coalesce(reservation, 'unknown') AS what FROM settled
          WHERE status <> 'CONFIRMED' AND NOT stock_by_hand AND (reservation IS NULL OR reservation NOT IN ('FAILED', 'RELEASED', 'VOID'))`,
  },
];
