type StackVariable = 'TEST_POSTGRES_ADMIN_URL' | 'TEST_KAFKA_BROKERS' | 'TEST_REGISTRY_URL';

/** Where the stack that `npm test` starts is; `node scripts/run.mjs teststack` starts one to work with. */
export function fromStack(name: StackVariable): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run this test with npm test.`);
  return value;
}
