import { once } from 'node:events';
import { relayNames, startStack } from '@troupe/embedded';
import { summary } from './start/summary.ts';
import { startUsage } from './start/usage.ts';
import { interruption, reporter, runCommand } from './terminal/command.ts';
import { oneOf, readOptions } from './terminal/options.ts';

// npm start: everything, until Ctrl-C.

await runCommand(async () => {
  const { docker, relay: asked } = readOptions(startUsage, {
    docker: { type: 'boolean', default: false },
    relay: { type: 'string', default: 'logical' },
  });
  const relay = oneOf('relay', relayNames, asked);
  const report = reporter();
  const signal = interruption(report);
  const stack = await startStack({ docker, relay, console: true, report, signal });
  for (const line of summary(stack, { docker, relay })) report.note(line);
  if (!signal.aborted) await once(signal, 'abort');
  await stack.stop();
  report.note('Everything is stopped; the data is kept.');
});
