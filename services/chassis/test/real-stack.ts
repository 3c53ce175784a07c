/** A setting of the running test stack. */
export function fromStack(name: 'TEST_KAFKA_BROKERS' | 'TEST_POSTGRES_ADMIN_URL' | 'TEST_REGISTRY_URL'): string {
  const value = process.env[name];
  if (value === undefined)
    throw new Error(`${name} is not set: start the stack with "node scripts/run.mjs teststack".`);
  return value;
}
