import type pg from 'pg';

/** A pool, or a connection with a transaction. */
export type Sql = Pick<pg.ClientBase, 'query'>;

export interface PeerOrder {
  readonly orderId: string;
  readonly sku: string;
  readonly quantity: number;
}

export type Reason = 'PAYMENT_DECLINED' | 'OUT_OF_STOCK';

// The statements of the steps, for every peer. Each is prepared once for a connection and harmless when it is repeated, since
// every peer runs a step at least once.

/** The order, PENDING; answers what it costs. */
export async function createOrder(sql: Sql, { orderId, sku, quantity }: PeerOrder): Promise<number> {
  const { rows } = await sql.query<{ amount: number }>({
    name: 'create-order',
    text: `INSERT INTO orders (order_id, sku, quantity, amount, status)
           SELECT $1, sku, $3::int, price * $3::int, 'PENDING' FROM products WHERE sku = $2
           ON CONFLICT (order_id) DO UPDATE SET order_id = excluded.order_id RETURNING amount::float8 AS amount`,
    values: [orderId, sku, quantity],
  });
  const [order] = rows;
  if (order === undefined) throw new Error(`There is no product ${sku}.`);
  return order.amount;
}

/** The end of an order. */
export async function endOrder(sql: Sql, orderId: string, reason?: Reason): Promise<void> {
  await sql.query({
    name: 'end-order',
    text: `UPDATE orders SET status = $2, reason = $3, updated_at = now() WHERE order_id = $1 AND status = 'PENDING'`,
    values: [orderId, reason === undefined ? 'CONFIRMED' : 'CANCELLED', reason ?? null],
  });
}

export interface Paid {
  readonly orderId: string;
  readonly amount: number;
  /** Undefined when the card was declined. */
  readonly chargeId: string | undefined;
}

export async function recordPayment(sql: Sql, { orderId, amount, chargeId }: Paid): Promise<void> {
  await sql.query({
    name: 'record-payment',
    text: 'INSERT INTO payments (order_id, amount, status, charge_id) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
    values: [orderId, amount, chargeId === undefined ? 'DECLINED' : 'COMPLETED', chargeId ?? null],
  });
}

export async function recordRefund(sql: Sql, orderId: string): Promise<void> {
  await sql.query({
    name: 'record-refund',
    text: `UPDATE payments SET status = 'REFUNDED', updated_at = now() WHERE order_id = $1`,
    values: [orderId],
  });
}

/** Takes the units from the stock when they are there; says whether the order has them. */
export async function reserve(sql: Sql, { orderId, sku, quantity }: PeerOrder): Promise<boolean> {
  const { rows } = await sql.query<{ reserved: boolean }>({
    name: 'reserve',
    text: `WITH known AS (SELECT FROM reservations WHERE order_id = $1),
                taken AS (UPDATE stock SET available = available - $3, reserved = reserved + $3
                          WHERE sku = $2 AND available >= $3 AND NOT EXISTS (SELECT FROM known) RETURNING sku),
                made AS (INSERT INTO reservations (order_id, sku, quantity) SELECT $1, sku, $3 FROM taken)
           SELECT EXISTS (SELECT FROM taken) OR EXISTS (SELECT FROM known) AS reserved`,
    values: [orderId, sku, quantity],
  });
  return rows[0]?.reserved === true;
}

export async function recordShipment(sql: Sql, orderId: string, bookingId: string): Promise<void> {
  await sql.query({
    name: 'record-shipment',
    text: 'INSERT INTO shipments (order_id, booking_id) VALUES ($1, $2) ON CONFLICT DO NOTHING',
    values: [orderId, bookingId],
  });
}

export async function recordNotification(sql: Sql, orderId: string, subject: string): Promise<void> {
  await sql.query({
    name: 'record-notification',
    text: 'INSERT INTO notifications (order_id, subject) VALUES ($1, $2) ON CONFLICT DO NOTHING',
    values: [orderId, subject],
  });
}
