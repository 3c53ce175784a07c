import { fromStack } from '@troupe/chassis/testing';
import { eventually, urlOf } from '../system.ts';
import { type StartedInstance, startInstance } from './instance.ts';

/** A process of order whose orders have little time, beside that of the stack, whose have much. Resolves when it is ready. */
export async function startHastyOrder(deadlineMs: number): Promise<StartedInstance> {
  const database = Object.assign(new URL(fromStack('TEST_POSTGRES_ADMIN_URL')), { pathname: '/troupe_order' });
  const hasty = await startInstance('order', {
    ORDER_DEADLINE_MS: String(deadlineMs),
    DATABASE_URL: database.href,
    KAFKA_BROKERS: fromStack('TEST_KAFKA_BROKERS'),
    REGISTRY_URL: fromStack('TEST_REGISTRY_URL'),
    PAYMENT_URL: urlOf('payment'),
    INVENTORY_URL: urlOf('inventory'),
    SHIPPING_URL: urlOf('shipping'),
    // It is of the group of the other process, and handles orders of other tests too: their traces must be whole.
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${process.env.TEST_COLLECTOR_PORT}`,
  });
  const isReady = () =>
    fetch(`${hasty.url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
  await eventually(isReady, Boolean);
  return hasty;
}
