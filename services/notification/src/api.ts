import { type ApiContext, get, id, type Route } from '@troupe/chassis';
import type { PrismaClient } from '@troupe/notification-database';
import { z } from 'zod';
import type { NotificationState } from './notification.ts';
import { notificationsOf } from './repository.ts';

const notification = z.object({
  notificationId: z.uuid(),
  template: z.enum(['ORDER_CONFIRMED', 'ORDER_CANCELLED', 'APPROVAL_REQUIRED']),
  recipient: z.string(),
  subject: z.string(),
  status: z.enum(['PENDING', 'SENT', 'FAILED']),
  detail: z.string().optional().describe('What the mail server said when it refused.'),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

export function notificationApi({ database }: ApiContext<PrismaClient, unknown>): readonly Route<NotificationState>[] {
  return [
    get('/notifications/:orderId', {
      summary: 'What the customer was told about an order; empty while there was nothing to tell',
      params: z.object({ orderId: id }),
      response: z.object({ items: z.array(notification) }),
      async handle({ params }) {
        const found = await notificationsOf(database, params.orderId);
        return { status: 200, body: { items: found.map(asItem) } };
      },
    }),
  ];
}

function asItem({ id, orderId: _, detail, createdAt, updatedAt, ...about }: Found) {
  return {
    notificationId: id,
    ...about,
    ...(detail === null ? {} : { detail }),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

type Found = Awaited<ReturnType<typeof notificationsOf>>[number];
