import { oneRow, type Repository } from '@troupe/chassis';
import type { PrismaClient } from '@troupe/shipping-database';
import type { Shipment } from './shipment.ts';

/** An order has one row: its shipment. */
export const shipments = oneRow<Shipment>('shipping', (shipment) => shipment.orderId);

/** A shipment as its row. NULL is a field that its state does not have; the table's constraints say which state has which. */
export interface ShipmentRow {
  readonly orderId: string;
  readonly status: Shipment['status'];
  readonly shipmentId: string | null;
  readonly items: unknown;
  readonly orderCancelled: true | null;
  readonly bookingId: string | null;
  readonly carrier: string | null;
  readonly trackingNumber: string | null;
  readonly detail: string | null;
  readonly cancelAttempts: number | null;
  readonly nextAttemptAt: Date | null;
  readonly orchestrated: true | null;
}

const noFields: Omit<ShipmentRow, 'orderId' | 'status'> = {
  shipmentId: null,
  items: null,
  orderCancelled: null,
  bookingId: null,
  carrier: null,
  trackingNumber: null,
  detail: null,
  cancelAttempts: null,
  nextAttemptAt: null,
  orchestrated: null,
};

export function rowOf(shipment: Shipment): ShipmentRow {
  return { ...noFields, ...shipment };
}

export function shipmentOf(row: ShipmentRow): Shipment {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as unknown as Shipment;
}

/** One statement each, whatever the number of rows. */
export const shipmentRepository: Repository<Shipment> = {
  async load(tx, keys) {
    const rows = await tx.$queryRawUnsafe<ShipmentRow[]>(
      `SELECT order_id::text AS "orderId", status, shipment_id::text AS "shipmentId", items,
              order_cancelled AS "orderCancelled", booking_id AS "bookingId", carrier,
              tracking_number AS "trackingNumber", detail, cancel_attempts AS "cancelAttempts",
              next_attempt_at AS "nextAttemptAt", NULLIF(orchestrated, false) AS orchestrated
       FROM shipment WHERE order_id = ANY($1::uuid[])`,
      keys,
    );
    return new Map(rows.map((row) => [row.orderId, shipmentOf(row)]));
  },
  savesAtOnce: true,
  async save(tx, changes) {
    const rows = [...changes.values()].map(rowOf);
    await tx.$executeRawUnsafe(
      `INSERT INTO shipment (order_id, status, shipment_id, items, order_cancelled, booking_id, carrier, tracking_number,
                             detail, cancel_attempts, next_attempt_at, orchestrated)
       SELECT order_id, status, shipment_id, items::jsonb, order_cancelled, booking_id, carrier, tracking_number, detail,
              attempts, next, orchestrated
       FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::bool[], $6::text[], $7::text[], $8::text[],
                   $9::text[], $10::int[], $11::timestamptz[], $12::bool[])
         AS s(order_id, status, shipment_id, items, order_cancelled, booking_id, carrier, tracking_number, detail,
              attempts, next, orchestrated)
       ON CONFLICT (order_id) DO UPDATE SET
         status = excluded.status, shipment_id = excluded.shipment_id, order_cancelled = excluded.order_cancelled,
         booking_id = excluded.booking_id, carrier = excluded.carrier, tracking_number = excluded.tracking_number,
         detail = excluded.detail, cancel_attempts = excluded.cancel_attempts, next_attempt_at = excluded.next_attempt_at, updated_at = now()`,
      rows.map((row) => row.orderId),
      rows.map((row) => row.status),
      rows.map((row) => row.shipmentId),
      rows.map((row) => (row.items === null ? null : JSON.stringify(row.items))),
      rows.map((row) => row.orderCancelled),
      rows.map((row) => row.bookingId),
      rows.map((row) => row.carrier),
      rows.map((row) => row.trackingNumber),
      rows.map((row) => row.detail),
      rows.map((row) => row.cancelAttempts),
      rows.map((row) => row.nextAttemptAt?.toISOString() ?? null),
      rows.map((row) => row.orchestrated ?? false),
    );
  },
};

/** A shipment with its moments, for readers; null before the first message about its order. */
export async function findShipment(database: PrismaClient, orderId: string) {
  return database.shipment.findUnique({ where: { orderId } });
}
