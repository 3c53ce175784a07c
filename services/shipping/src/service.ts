import { type ServiceDefinition, setting } from '@troupe/chassis';
import { type Prisma, PrismaClient } from '@troupe/shipping-database';
import { actingCustomers } from '@troupe/shop';
import { shippingApi } from './api.ts';
import { bookPort, cancelBookingPort } from './ports.ts';
import { shippingReactions } from './reactions.ts';
import { shipmentRepository } from './repository.ts';
import type { Known, Shipment } from './shipment.ts';

const settings = {
  carrierUrl: setting
    .url({ is: 'the carrier', schemes: ['http', 'https'], example: 'http://127.0.0.1:3012' })
    .default('http://127.0.0.1:3012'),
  cancelRetryMs: setting
    .wholeNumber({
      is: 'how long after its first refusal a cancellation is tried again, in milliseconds; doubles with each refusal',
      example: '5000',
      min: 10,
      max: 60 * 60 * 1000,
    })
    .default(5000),
};

/** Shipping: one shipment for each order, at the carrier. */
export const shippingService: ServiceDefinition<
  Shipment,
  Known,
  Prisma.TransactionClient,
  PrismaClient,
  typeof settings
> = {
  table: shippingReactions,
  repository: shipmentRepository,
  settings,
  database: (adapter) => new PrismaClient({ adapter, errorFormat: 'minimal' }),
  ports: ({ carrierUrl }) => [bookPort(carrierUrl), cancelBookingPort(carrierUrl)],
  actors: actingCustomers,
  api: shippingApi,
};
