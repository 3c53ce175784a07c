import type { EndedOrder, WantedOrder } from '../business/front.ts';
import type { Paid, Sql } from '../business/steps.ts';
import type { Message } from '../choreography/message.ts';

// What the steps write, for a whole batch with one statement each, whatever its size; stock takes three.

export const MESSAGING_TABLES = `
  CREATE TABLE inbox (message_id uuid PRIMARY KEY, received_at timestamptz NOT NULL DEFAULT now());
  CREATE TABLE outbox (message_id uuid PRIMARY KEY, key text NOT NULL, payload text NOT NULL);`;

/** The ids that are new. */
export async function receive(sql: Sql, messages: readonly Message[]): Promise<ReadonlySet<string>> {
  const { rows } = await sql.query<{ message_id: string }>({
    name: 'receive',
    text: `INSERT INTO inbox (message_id) SELECT DISTINCT unnest($1::uuid[]) ON CONFLICT DO NOTHING RETURNING message_id`,
    values: [messages.map(({ id }) => id)],
  });
  return new Set(rows.map(({ message_id }) => message_id));
}

export async function send(sql: Sql, said: readonly Message[]): Promise<void> {
  await sql.query({
    name: 'send',
    text: 'INSERT INTO outbox (message_id, key, payload) SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[])',
    values: [
      said.map(({ id }) => id),
      said.map(({ order }) => order.orderId),
      said.map((message) => JSON.stringify(message)),
    ],
  });
}

/** What each order costs, by its id. */
export async function createOrders(sql: Sql, orders: readonly WantedOrder[]): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql.query<{ order_id: string; amount: number }>({
    name: 'create-orders',
    text: `INSERT INTO orders (order_id, sku, quantity, amount, status)
           SELECT o.id, o.sku, o.quantity, price * o.quantity, 'PENDING'
           FROM unnest($1::uuid[], $2::text[], $3::int[]) AS o(id, sku, quantity) JOIN products USING (sku)
           RETURNING order_id, amount::float8 AS amount`,
    values: [
      orders.map(({ orderId }) => orderId),
      orders.map(({ sku }) => sku),
      orders.map(({ quantity }) => quantity),
    ],
  });
  return new Map(rows.map(({ order_id, amount }) => [order_id, amount]));
}

export async function endOrders(sql: Sql, ends: readonly EndedOrder[]): Promise<void> {
  await sql.query({
    name: 'end-orders',
    text: `UPDATE orders SET status = e.status, reason = e.reason, updated_at = now()
           FROM unnest($1::uuid[], $2::text[], $3::text[]) AS e(id, status, reason)
           WHERE order_id = ANY (ARRAY[e.id]) AND orders.status = 'PENDING'`,
    values: [ends.map(({ orderId }) => orderId), ends.map(({ status }) => status), ends.map(({ reason }) => reason)],
  });
}

export async function recordPayments(sql: Sql, payments: readonly Paid[]): Promise<void> {
  await sql.query({
    name: 'record-payments',
    text: `INSERT INTO payments (order_id, amount, status, charge_id)
           SELECT id, amount, CASE WHEN charge IS NULL THEN 'DECLINED' ELSE 'COMPLETED' END, charge
           FROM unnest($1::uuid[], $2::bigint[], $3::text[]) AS p(id, amount, charge) ON CONFLICT DO NOTHING`,
    values: [
      payments.map(({ orderId }) => orderId),
      payments.map(({ amount }) => amount),
      payments.map(({ chargeId }) => chargeId ?? null),
    ],
  });
}

export async function recordRefunds(sql: Sql, orderIds: readonly string[]): Promise<void> {
  await sql.query({
    name: 'record-refunds',
    text: `UPDATE payments SET status = 'REFUNDED', updated_at = now() WHERE order_id = ANY($1::uuid[])`,
    values: [orderIds],
  });
}

/** The orders that have their units; each row of the stock is written once for all of them. */
export async function reserveAll(sql: Sql, orders: readonly WantedOrder[]): Promise<ReadonlySet<string>> {
  const { rows } = await sql.query<{ sku: string; available: number }>({
    name: 'stock',
    text: 'SELECT sku, available FROM stock WHERE sku = ANY($1::text[]) ORDER BY sku FOR UPDATE',
    values: [[...new Set(orders.map(({ sku }) => sku))]],
  });
  const available = new Map(rows.map(({ sku, available }) => [sku, available]));
  const taken = new Map<string, number>();
  const served = orders.filter(({ sku, quantity }) => {
    const before = taken.get(sku) ?? 0;
    if (before + quantity > (available.get(sku) ?? 0)) return false;
    taken.set(sku, before + quantity);
    return true;
  });
  if (served.length > 0) {
    await sql.query({
      name: 'take',
      text: `UPDATE stock SET available = available - t.units, reserved = reserved + t.units
             FROM unnest($1::text[], $2::int[]) AS t(sku, units) WHERE stock.sku = ANY (ARRAY[t.sku])`,
      values: [[...taken.keys()], [...taken.values()]],
    });
    await sql.query({
      name: 'reservations',
      text: 'INSERT INTO reservations (order_id, sku, quantity) SELECT * FROM unnest($1::uuid[], $2::text[], $3::int[])',
      values: [
        served.map(({ orderId }) => orderId),
        served.map(({ sku }) => sku),
        served.map(({ quantity }) => quantity),
      ],
    });
  }
  return new Set(served.map(({ orderId }) => orderId));
}

export async function recordShipments(sql: Sql, shipments: ReadonlyMap<string, string>): Promise<void> {
  await sql.query({
    name: 'record-shipments',
    text: `INSERT INTO shipments (order_id, booking_id) SELECT * FROM unnest($1::uuid[], $2::text[]) ON CONFLICT DO NOTHING`,
    values: [[...shipments.keys()], [...shipments.values()]],
  });
}

export async function recordNotifications(sql: Sql, orderIds: readonly string[], subject: string): Promise<void> {
  await sql.query({
    name: 'record-notifications',
    text: 'INSERT INTO notifications (order_id, subject) SELECT unnest($1::uuid[]), $2 ON CONFLICT DO NOTHING',
    values: [orderIds, subject],
  });
}
