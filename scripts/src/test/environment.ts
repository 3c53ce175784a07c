import { type Stack, sandboxNames, serviceNames } from '@troupe/embedded';

/** Time limits are shorter than in production, so that tests can wait for them, and long enough for two busy cores. */
export const SERVICE_SETTINGS = {
  // Longer than any test waits, so that a lost order shows. A test of a deadline has a process of its own.
  ORDER_DEADLINE_MS: '120000',
  APPROVAL_TIMEOUT_MS: '15000',
  REFUND_RETRY_MS: '1000',
  CANCEL_RETRY_MS: '200',
  STEP_ALLOWED_MS: '3000',
  STUCK_LOOK_MS: '500',
  OTEL_TRACES_SAMPLER: 'parentbased_always_on',
  // As npm start sets it: the answer to an order is what users see. There is no console here.
  CONSOLE_LINK_TEMPLATE: 'http://localhost:3000/sagas/{orderId}',
  LOG_LEVEL: 'info',
  // `CALLS_BEGIN=by-recovery npm test -- stories`: every call is found in its table, as after a crash of the process that decided on it.
  ...(process.env.CALLS_BEGIN === undefined ? {} : { CALLS_BEGIN: process.env.CALLS_BEGIN }),
};

/** What tests need to know of the stack that they run against. */
export function environmentOf({ addresses }: Stack, collectorPort: number): NodeJS.ProcessEnv {
  const urls = [
    ...serviceNames.map((name) => [name, addresses.serviceUrl(name)] as const),
    ...sandboxNames.map((name) => [name, addresses.sandboxUrl(name)] as const),
  ];
  return {
    TEST_REGISTRY_URL: addresses.registryUrl,
    TEST_KAFKA_BROKERS: addresses.brokers,
    TEST_POSTGRES_ADMIN_URL: addresses.adminUrl,
    TEST_COLLECTOR_PORT: String(collectorPort),
    ...Object.fromEntries(urls.map(([name, url]) => [`TEST_${name.toUpperCase()}_URL`, url])),
  };
}
