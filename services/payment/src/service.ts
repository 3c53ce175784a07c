import { type ServiceDefinition, setting } from '@troupe/chassis';
import { type Prisma, PrismaClient } from '@troupe/payment-database';
import { actingCustomers } from '@troupe/shop';
import { paymentApi } from './api.ts';
import type { Known, Payment } from './payment.ts';
import { chargePort, refundPort } from './ports.ts';
import { paymentReactions } from './reactions.ts';
import { paymentRepository } from './repository.ts';

const LONGEST_TIMER_MS = 30 * 24 * 60 * 60 * 1000;

const settings = {
  paymentProviderUrl: setting
    .url({ is: 'the payment provider', schemes: ['http', 'https'], example: 'http://127.0.0.1:3011' })
    .default('http://127.0.0.1:3011'),
  approvalLimitCents: setting
    .wholeNumber({
      is: 'the amount, in cents, above which a person must approve the payment',
      example: '100000',
      min: 0,
      max: Number.MAX_SAFE_INTEGER,
    })
    .default(100_000),
  approvalTimeoutMs: setting
    .wholeNumber({
      is: 'how long a person has to approve a payment, in milliseconds',
      example: '900000',
      min: 100,
      max: LONGEST_TIMER_MS,
    })
    .default(15 * 60 * 1000),
  refundRetryMs: setting
    .wholeNumber({
      is: 'how long after its first refusal a refund is tried again, in milliseconds; doubles with each refusal',
      example: '5000',
      min: 10,
      max: 60 * 60 * 1000,
    })
    .default(5000),
};

/** Payment: charges orders, asks for approval above a limit, and gives the money back when a later step fails. */
export const paymentService: ServiceDefinition<
  Payment,
  Known,
  Prisma.TransactionClient,
  PrismaClient,
  typeof settings
> = {
  table: paymentReactions,
  repository: paymentRepository,
  settings,
  database: (adapter) => new PrismaClient({ adapter, errorFormat: 'minimal' }),
  ports: ({ paymentProviderUrl }) => [chargePort(paymentProviderUrl), refundPort(paymentProviderUrl)],
  actors: actingCustomers,
  api: paymentApi,
};
