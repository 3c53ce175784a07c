import { once } from 'node:events';
import { startStack } from '@troupe/embedded';
import { interruption, reporter, runCommand } from './command.ts';
import { readOptions } from './options.ts';
import { summary } from './summary.ts';

// npm start: everything, until Ctrl-C.

const usage = `Usage: npm start [-- --docker]

Starts PostgreSQL, Kafka, the schema registry and the services, and keeps them running until Ctrl-C.
  --docker   PostgreSQL, Kafka and registry run in containers, with Kafka UI and Jaeger beside them`;

await runCommand(async () => {
  const { docker } = readOptions(usage, { docker: { type: 'boolean', default: false } });
  const report = reporter();
  const signal = interruption(report);
  const stack = await startStack({ docker, report, signal });
  for (const line of summary(stack, docker)) report.note(line);
  if (!signal.aborted) await once(signal, 'abort');
  await stack.stop();
  report.note('Everything is stopped; the data is kept.');
});
