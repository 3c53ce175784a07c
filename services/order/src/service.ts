import { remoteStepsOf, type ServiceDefinition, setting } from '@troupe/chassis';
import { type Prisma, PrismaClient } from '@troupe/order-database';
import { actingCustomers } from '@troupe/shop';
import { orderApi } from './api.ts';
import { orderSagas } from './domain/fulfilment.ts';
import type { Order } from './domain/order.ts';
import { ORDER_DEADLINE_MS } from './domain/rules.ts';
import { participantPorts } from './orchestrated/participant-ports.ts';
import { openSagasMonitor } from './orchestrated/saga-queries.ts';
import { orderReactions } from './reactions.ts';
import { stuckLookout } from './read/stuck.ts';
import { orderRepository } from './repository.ts';

const settings = {
  orderDeadlineMs: setting
    .wholeNumber({
      is: 'how long an order may take, in milliseconds, before it is cancelled; the wait for an approval not counted',
      example: '60000',
      min: 100,
      max: 2_147_483_647,
    })
    .default(ORDER_DEADLINE_MS),
  stepAllowedMs: setting
    .wholeNumber({
      is: 'how long one step of an order may take, in milliseconds, before the order is reported as stuck',
      example: '30000',
      min: 100,
      max: 2_147_483_647,
    })
    .default(30_000),
  stuckLookMs: setting
    .wholeNumber({
      is: 'how long from one look for stuck orders to the next, in milliseconds',
      example: '10000',
      min: 100,
      max: 3_600_000,
    })
    .default(10_000),
  consoleLinkTemplate: setting
    .text({
      is: 'the link to an order in the console, for people, with {orderId} in the place of its id',
      pattern: /^https?:\/\/\S*\{orderId\}\S*$/,
      expected: 'must be an http URL that contains {orderId}',
      example: 'http://localhost:3000/sagas/{orderId}',
    })
    .optional(),
  paymentUrl: participant('the payment service', 3002),
  inventoryUrl: participant('the inventory service', 3003),
  shippingUrl: participant('the shipping service', 3004),
};

/** The addresses that the orchestrator asks. */
function participant(is: string, port: number) {
  const example = `http://127.0.0.1:${port}`;
  return setting.url({ is, schemes: ['http', 'https'], example }).default(example);
}

/** Order: accepts orders, keeps their streams of events, and says how they end. */
export const orderService: ServiceDefinition<
  Order,
  Order | undefined,
  Prisma.TransactionClient,
  PrismaClient,
  typeof settings
> = {
  table: orderReactions,
  repository: orderRepository,
  settings,
  database: (adapter) => new PrismaClient({ adapter, errorFormat: 'minimal' }),
  ports: (config) =>
    participantPorts(
      orderSagas.all.flatMap(({ steps }) => remoteStepsOf(steps)),
      config,
    ),
  actors: actingCustomers,
  api: orderApi,
  stuckMonitors: ({ database, config: { stepAllowedMs, stuckLookMs: everyMs }, log }) => [
    stuckLookout(database, { stepAllowedMs, everyMs }, log),
    openSagasMonitor(database, orderSagas.all, log),
  ],
};
