import { oneRow, type Repository } from '@troupe/chassis';
import type { PrismaClient } from '@troupe/payment-database';
import type { Payment } from './payment.ts';

/** An order has one row: its payment. */
export const payments = oneRow<Payment>('payment', (payment) => payment.orderId);

/** A payment as its row. NULL is a field that its state does not have; the table's constraints say which state has which. */
export interface PaymentRow {
  readonly orderId: string;
  readonly status: Payment['status'];
  readonly paymentId: string | null;
  readonly customerId: string | null;
  readonly items: unknown;
  readonly amount: number | null;
  readonly currency: string | null;
  readonly paymentToken: string | null;
  readonly approvalExpiresAt: Date | null;
  readonly chargeId: string | null;
  readonly refundId: string | null;
  readonly failure: string | null;
  readonly undoReason: string | null;
  readonly detail: string | null;
  readonly refundAttempts: number | null;
  readonly nextAttemptAt: Date | null;
  readonly orchestrated: true | null;
}

const noFields: Omit<PaymentRow, 'orderId' | 'status'> = {
  paymentId: null,
  customerId: null,
  items: null,
  amount: null,
  currency: null,
  paymentToken: null,
  approvalExpiresAt: null,
  chargeId: null,
  refundId: null,
  failure: null,
  undoReason: null,
  detail: null,
  refundAttempts: null,
  nextAttemptAt: null,
  orchestrated: null,
};

export function rowOf(payment: Payment): PaymentRow {
  return { ...noFields, ...payment };
}

export function paymentOf(row: PaymentRow): Payment {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as unknown as Payment;
}

/** One statement each, whatever the number of rows. Amounts are exact up to 2^53 as float8, and come back as numbers. */
export const paymentRepository: Repository<Payment> = {
  async load(tx, keys) {
    const rows = await tx.$queryRawUnsafe<PaymentRow[]>(
      `SELECT order_id::text AS "orderId", status, payment_id::text AS "paymentId", customer_id AS "customerId", items,
              amount::float8, currency, payment_token AS "paymentToken", approval_expires_at AS "approvalExpiresAt",
              charge_id AS "chargeId", refund_id AS "refundId", failure, undo_reason AS "undoReason", detail,
              refund_attempts AS "refundAttempts", next_attempt_at AS "nextAttemptAt",
              NULLIF(orchestrated, false) AS orchestrated
       FROM payment WHERE order_id = ANY($1::uuid[])`,
      keys,
    );
    return new Map(rows.map((row) => [row.orderId, paymentOf(row)]));
  },
  savesAtOnce: true,
  async save(tx, changes) {
    const rows = [...changes.values()].map(rowOf);
    await tx.$executeRawUnsafe(
      `INSERT INTO payment (order_id, status, payment_id, customer_id, items, amount, currency, payment_token,
                            approval_expires_at, charge_id, refund_id, failure, undo_reason, detail, refund_attempts,
                            next_attempt_at, orchestrated)
       SELECT order_id, status, payment_id, customer_id, items::jsonb, amount, currency, payment_token, expires, charge_id,
              refund_id, failure, undo_reason, detail, attempts, next, orchestrated
       FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::text[],
                   $9::timestamptz[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::int[],
                   $16::timestamptz[], $17::bool[])
         AS p(order_id, status, payment_id, customer_id, items, amount, currency, payment_token, expires, charge_id,
              refund_id, failure, undo_reason, detail, attempts, next, orchestrated)
       ON CONFLICT (order_id) DO UPDATE SET
         status = excluded.status, payment_id = excluded.payment_id, payment_token = excluded.payment_token,
         approval_expires_at = excluded.approval_expires_at, charge_id = excluded.charge_id,
         refund_id = excluded.refund_id, failure = excluded.failure, undo_reason = excluded.undo_reason,
         detail = excluded.detail, refund_attempts = excluded.refund_attempts,
         next_attempt_at = excluded.next_attempt_at, updated_at = now()`,
      rows.map((row) => row.orderId),
      rows.map((row) => row.status),
      rows.map((row) => row.paymentId),
      rows.map((row) => row.customerId),
      rows.map((row) => (row.items === null ? null : JSON.stringify(row.items))),
      rows.map((row) => row.amount),
      rows.map((row) => row.currency),
      rows.map((row) => row.paymentToken),
      rows.map((row) => row.approvalExpiresAt?.toISOString() ?? null),
      rows.map((row) => row.chargeId),
      rows.map((row) => row.refundId),
      rows.map((row) => row.failure),
      rows.map((row) => row.undoReason),
      rows.map((row) => row.detail),
      rows.map((row) => row.refundAttempts),
      rows.map((row) => row.nextAttemptAt?.toISOString() ?? null),
      rows.map((row) => row.orchestrated ?? false),
    );
  },
};

/** A payment with its moments, for readers; null before the first message about its order. */
export async function findPayment(database: PrismaClient, orderId: string) {
  return database.payment.findUnique({ where: { orderId } });
}
