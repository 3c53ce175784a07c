import { once } from 'node:events';
import { plainReporter } from '@troupe/embedded';
import { withOwnStack } from './stack/own-stack.ts';
import { interruption, runCommand } from './terminal/command.ts';

// A stack for integration tests: PostgreSQL, Kafka and registry on free ports, in a folder that goes when it ends. Prints
// one line of JSON with the environment variables for the tests, and runs until Ctrl-C or SIGTERM.

await runCommand(async () => {
  const report = plainReporter((line) => console.error(line));
  const signal = interruption(report);
  await withOwnStack({ services: [], templates: true, report, signal }, async ({ addresses }) => {
    const { registryUrl, brokers, adminUrl } = addresses;
    const environment = {
      TEST_REGISTRY_URL: registryUrl,
      TEST_KAFKA_BROKERS: brokers,
      TEST_POSTGRES_ADMIN_URL: adminUrl,
    };
    console.log(JSON.stringify(environment));
    if (!signal.aborted) await once(signal, 'abort');
  });
});
