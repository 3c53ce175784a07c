import { freePorts } from '@troupe/embedded';
import { withOwnStack } from './stack/own-stack.ts';
import { interruption, reporter, runCommand } from './terminal/command.ts';
import { checkFormat, checkImports, checkTypes } from './test/checks.ts';
import { environmentOf, SERVICE_SETTINGS } from './test/environment.ts';
import { runJest } from './test/jest.ts';
import { type Count, Tally } from './test/tally.ts';

/**
 * Everything that is known about this code: types, lint, unit and property tests, then integration and end-to-end tests
 * against a stack of its own, on free ports, in a folder that goes when it ends. The last line counts.
 *
 * `npm test -- relay` runs only the test files whose path contains `relay`, and no checks.
 */
await runCommand(async () => {
  const only = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
  const report = reporter();
  const signal = interruption(report);
  const tally = new Tally();
  if (only.length === 0) {
    tally.add('types', await checkTypes());
    tally.add('lint', await checkFormat());
    tally.add('imports', await checkImports());
  }
  tally.add('unit and property tests', await runJest('(unit|property)', only));
  signal.throwIfAborted();
  tally.add('integration and end-to-end tests', await againstStack());
  console.log(`\n${tally.table()}\n\n${tally.line()}`);
  if (tally.failed > 0) process.exitCode = 1;

  async function againstStack(): Promise<Count> {
    // One of a set that no stack gets while this process lives.
    const { connect: collectorPort } = await freePorts();
    const serviceEnv = { ...SERVICE_SETTINGS, OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collectorPort}` };
    return withOwnStack({ templates: true, serviceEnv, report, signal }, (stack) =>
      runJest('(int|e2e)', only, environmentOf(stack, collectorPort)),
    );
  }
});
