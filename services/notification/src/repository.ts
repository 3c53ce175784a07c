import { byKey, oneRow, type Repository } from '@troupe/chassis';
import type { PrismaClient } from '@troupe/notification-database';
import type { Template } from './emails.ts';
import { type Notification, notificationKey } from './notification.ts';

const templates: Readonly<Record<string, Template>> = {
  OrderConfirmed: 'ORDER_CONFIRMED',
  OrderCancelled: 'ORDER_CANCELLED',
  PaymentApprovalRequired: 'APPROVAL_REQUIRED',
};

/** A message has one row. The key of an event is the order, that of a call's answer is the row's key. */
export const notifications = oneRow<Notification>('notification', notificationKey, ({ type, key }) => {
  const template = templates[type];
  return template === undefined ? key : notificationKey({ orderId: key, template });
});

/** One statement each, whatever the number of rows. */
export const notificationRepository: Repository<Notification> = {
  async load(tx, keys) {
    const parts = keys.map((key) => key.split('/'));
    const rows = await tx.$queryRawUnsafe<Notification[]>(
      `SELECT n.id::text, n.order_id::text AS "orderId", n.template, n.recipient, n.subject, n.status, n.detail
       FROM notification n JOIN unnest($1::uuid[], $2::text[]) AS wanted(order_id, template)
         ON ${byKey('n.order_id', 'wanted.order_id')} AND ${byKey('n.template', 'wanted.template')}`,
      parts.map(([orderId]) => orderId),
      parts.map(([, template]) => template),
    );
    return new Map(rows.map((row) => [notificationKey(row), row]));
  },
  savesAtOnce: true,
  async save(tx, changes) {
    const rows = [...changes.values()];
    await tx.$executeRawUnsafe(
      `INSERT INTO notification (order_id, template, id, recipient, subject, status, detail)
       SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[])
       ON CONFLICT (order_id, template) DO UPDATE
       SET id = excluded.id, status = excluded.status, detail = excluded.detail, updated_at = now()`,
      rows.map((row) => row.orderId),
      rows.map((row) => row.template),
      rows.map((row) => row.id),
      rows.map((row) => row.recipient),
      rows.map((row) => row.subject),
      rows.map((row) => row.status),
      rows.map((row) => (row.status === 'FAILED' ? row.detail : null)),
    );
  },
};

/** The messages about an order, oldest first; at most one of each template. */
export async function notificationsOf(database: PrismaClient, orderId: string) {
  return database.notification.findMany({ where: { orderId }, orderBy: { id: 'asc' } });
}
