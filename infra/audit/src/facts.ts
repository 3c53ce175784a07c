/**
 * The facts of an audit: temporary tables of one connection, filled from all databases, the topics and two ledgers, so
 * that a rule across all of them is one query. They go when the connection ends.
 *
 * `horizon`: what changed later is not judged, because its consequences may be on their way; `infinity` when the system is
 * declared to be at rest. `late`: what should have happened before this moment is late.
 */
export const FACTS = `
CREATE TEMP TABLE audit (horizon timestamptz, late timestamptz, at_rest boolean);

CREATE TEMP TABLE orders (order_id uuid PRIMARY KEY, customer_id text, status text, total bigint, currency text, items jsonb,
  created_at timestamptz, updated_at timestamptz);
CREATE TEMP TABLE order_event (order_id uuid, version int, type text, data jsonb, occurred_at timestamptz);
CREATE TEMP TABLE payment (order_id uuid PRIMARY KEY, status text, amount bigint, currency text, charge_id text,
  refund_id text, approval_expires_at timestamptz, updated_at timestamptz);
CREATE TEMP TABLE stock (sku text PRIMARY KEY, initial bigint, restocked bigint, available bigint, reserved bigint,
  shipped bigint);
CREATE TEMP TABLE reservation (order_id uuid PRIMARY KEY, status text, items jsonb, updated_at timestamptz);
CREATE TEMP TABLE restock (sku text, quantity bigint);
CREATE TEMP TABLE shipment (order_id uuid PRIMARY KEY, status text, booking_id text, updated_at timestamptz);
CREATE TEMP TABLE notification (order_id uuid, template text, status text, updated_at timestamptz);
CREATE TEMP TABLE saga (saga_id uuid PRIMARY KEY, status text, updated_at timestamptz);
CREATE TEMP TABLE saga_step (saga_id uuid, position int, name text, status text, compensation text);

-- Of each service. \`age\` tells the order of transactions: the older, the larger.
CREATE TEMP TABLE outbox (service text, position bigint, id uuid, topic text, key text, type text, payload_hash text,
  at timestamptz);
CREATE TEMP TABLE inbox (service text, event_id uuid, payload_hash text, received_at timestamptz, age bigint);
CREATE TEMP TABLE task (service text, name text, key text, due_at timestamptz, leased_until timestamptz, attempts int,
  last_error text);
CREATE TEMP TABLE dead_letter (service text, topic text, partition int, "offset" bigint, key text, position bigint,
  status text, settled boolean, received_at timestamptz);
-- A call that a person has ended, who looked at what those outside had done first.
CREATE TEMP TABLE ended (service text, call text, order_id text);
CREATE TEMP TABLE answer (service text, scope text, key text, status int, order_id text, created_at timestamptz);
CREATE TEMP TABLE slot (service text, active boolean, wal_status text, retained_bytes bigint);
CREATE TEMP TABLE recovery (service text, cause text, began_at timestamptz);

-- Of the topics. What a group has handled; what it hears, by the reaction tables.
CREATE TEMP TABLE record (topic text, partition int, "offset" bigint, key text, id uuid, type text, payload_hash text,
  at timestamptz);
CREATE TEMP TABLE unreadable (topic text, partition int, "offset" bigint, reason text);
CREATE TEMP TABLE partition (topic text, partition int, low bigint, high bigint, kept_since timestamptz);
CREATE TEMP TABLE handled (service text, topic text, partition int, "offset" bigint);
CREATE TEMP TABLE hears (service text, topic text, type text);

-- Of those outside.
CREATE TEMP TABLE ledger (kind text, id text, reference text, charge text, amount bigint, currency text, status text,
  created_at timestamptz);
CREATE TEMP TABLE booking (id text, reference text, status text, created_at timestamptz);
`;

/** What is derived from the facts after they are loaded. */
export const DERIVED = `
CREATE INDEX ON order_event (order_id);
CREATE INDEX ON saga_step (saga_id);
CREATE INDEX ON record (id);
-- Of any length: a foreign producer may have chosen it.
CREATE INDEX ON record USING hash (key);
CREATE INDEX ON inbox (event_id);
CREATE INDEX ON outbox (id);
CREATE INDEX ON ledger (reference);
CREATE INDEX ON booking (reference);

-- Records of this time and later are all there: those before may have been deleted by age.
CREATE TEMP TABLE retained AS
  SELECT topic, max(CASE WHEN low = 0 THEN '-infinity' ELSE kept_since END) AS since FROM partition GROUP BY topic;

-- Each event once, where it was published first.
CREATE TEMP TABLE event AS
  SELECT DISTINCT ON (id) * FROM record WHERE id IS NOT NULL AND topic LIKE '%.events' ORDER BY id, "offset";
CREATE INDEX ON event (id);
CREATE INDEX ON event USING hash (key);

-- Orders whose charge was made, given back at the provider by a person, and then ended here, as operations.md says: no books
-- of ours have either, and nobody has lost anything.
CREATE TEMP TABLE undone_outside AS
  SELECT l.reference AS id FROM ledger l
  WHERE l.status = 'succeeded'
    AND EXISTS (SELECT FROM payment p WHERE p.order_id::text = l.reference AND p.status = 'FAILED')
    AND EXISTS (SELECT FROM ended e WHERE e.call = 'Charge' AND e.order_id = l.reference)
  GROUP BY l.reference HAVING sum(CASE l.kind WHEN 'charge' THEN l.amount ELSE -l.amount END) = 0;

-- Orders of which nothing is on its way any more: all that is known of them is older than the horizon.
CREATE TEMP TABLE settled AS
  SELECT o.order_id, o.order_id::text AS id, o.status, p.status AS payment, r.status AS reservation,
         s.status AS shipment, coalesce(l.charges, 0) AS charges, coalesce(l.refunds, 0) AS refunds,
         coalesce(b.live, 0) AS live_bookings, g.status AS saga, coalesce(h.money, false) AS money_by_hand,
         coalesce(h.stock, false) AS stock_by_hand
  FROM audit, orders o
  LEFT JOIN payment p USING (order_id) LEFT JOIN reservation r USING (order_id) LEFT JOIN shipment s USING (order_id)
  LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE kind = 'charge' AND status = 'succeeded') AS charges,
           count(*) FILTER (WHERE kind = 'refund' AND status = 'succeeded') AS refunds, max(created_at) AS last
    FROM ledger WHERE reference = o.order_id::text) l ON true
  LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE status = 'booked') AS live, max(created_at) AS last
    FROM booking WHERE reference = o.order_id::text) b ON true
  LEFT JOIN saga g ON g.saga_id = o.order_id
  -- What a person has settled with the orchestrator, or still has to.
  LEFT JOIN LATERAL (
    SELECT bool_or(name = 'charge payment' AND compensation = 'RESOLVED') AS money,
           bool_or(name = 'reserve stock' AND compensation IN ('FAILED', 'RESOLVED')) AS stock
    FROM saga_step WHERE saga_id = o.order_id) h ON true
  WHERE o.status IN ('CONFIRMED', 'CANCELLED', 'NEEDS_ATTENTION')
    AND greatest(o.updated_at, p.updated_at, r.updated_at, s.updated_at, l.last, b.last, g.updated_at) < audit.horizon;
ANALYZE;
`;
