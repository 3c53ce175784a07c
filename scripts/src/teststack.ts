import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { plainReporter, startStack } from '@troupe/embedded';

// A stack for integration tests: PostgreSQL, Kafka and registry on free ports, in a folder that goes when it ends. Prints
// one line of JSON with the environment variables for the tests, and runs until Ctrl-C or SIGTERM.

const dataDir = mkdtempSync(path.join(tmpdir(), 'troupe-test-'));
const asked = new Promise((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, resolve);
});
const stack = await startStack({ dataDir, ports: 'free', templates: true, report: plainReporter(console.error) });
console.log(
  JSON.stringify({
    TEST_REGISTRY_URL: stack.registryUrl,
    TEST_KAFKA_BROKERS: stack.brokers,
    TEST_POSTGRES_ADMIN_URL: stack.adminUrl,
  }),
);
await asked;
await stack.stop();
rmSync(dataDir, { recursive: true, force: true });
process.exit(0);
