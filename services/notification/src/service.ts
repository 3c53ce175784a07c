import { type ServiceDefinition, setting } from '@troupe/chassis';
import { type Prisma, PrismaClient } from '@troupe/notification-database';
import { actingCustomers } from '@troupe/shop';
import { notificationApi } from './api.ts';
import type { Notification, NotificationState } from './notification.ts';
import { smtp } from './ports.ts';
import { notificationReactions } from './reactions.ts';
import { notificationRepository } from './repository.ts';

const settings = {
  smtpUrl: setting
    .url({ is: 'the mail server', example: 'smtp://127.0.0.1:3025', schemes: ['smtp', 'smtps'], secret: true })
    .default('smtp://127.0.0.1:3025'),
  mailFrom: setting
    .text({
      is: 'the sender of messages to customers',
      example: 'Troupe <orders@troupe.example>',
      pattern: /^[^\r\n]+@[^\r\n]+$/,
      expected: 'must be a mail address, with or without a name before it',
    })
    .default('Troupe <orders@troupe.example>'),
};

/** Notification: one message to the customer for each order and template, over SMTP. */
export const notificationService: ServiceDefinition<
  Notification,
  NotificationState,
  Prisma.TransactionClient,
  PrismaClient,
  typeof settings
> = {
  table: notificationReactions,
  repository: notificationRepository,
  settings,
  pauseBetweenFetchesMs: 100,
  database: (adapter) => new PrismaClient({ adapter, errorFormat: 'minimal' }),
  ports: (config) => [smtp(config)],
  actors: actingCustomers,
  api: notificationApi,
};
