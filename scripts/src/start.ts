import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { startStack } from '@troupe/embedded';
import { interruption, reporter, runCommand } from './command.ts';
import { summary } from './summary.ts';

// npm start: everything, until Ctrl-C.

const { values } = parseArgs({ options: { docker: { type: 'boolean', default: false } } });

await runCommand(async () => {
  const report = reporter();
  const signal = interruption(report);
  const stack = await startStack({ docker: values.docker, report, signal });
  for (const line of summary(stack, values.docker)) report.note(line);
  if (!signal.aborted) await once(signal, 'abort');
  await stack.stop();
  report.note('Everything is stopped; the data is kept.');
});
