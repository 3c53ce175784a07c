import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { plainReporter, startStack, temporaryDataDir } from '@troupe/embedded';
import { interruption, runCommand } from './terminal/command.ts';

// A stack for integration tests: PostgreSQL, Kafka and registry on free ports, in a folder that goes when it ends. Prints
// one line of JSON with the environment variables for the tests, and runs until Ctrl-C or SIGTERM.

await runCommand(async () => {
  const report = plainReporter((line) => console.error(line));
  const signal = interruption(report);
  const dataDir = await temporaryDataDir(report);
  try {
    const stack = await startStack({ dataDir, ports: 'free', services: [], templates: true, report, signal });
    const { registryUrl, brokers, adminUrl } = stack.addresses;
    console.log(
      JSON.stringify({
        TEST_REGISTRY_URL: registryUrl,
        TEST_KAFKA_BROKERS: brokers,
        TEST_POSTGRES_ADMIN_URL: adminUrl,
      }),
    );
    if (!signal.aborted) await once(signal, 'abort');
    await stack.stop();
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});
