import { once } from 'node:events';
import { relayNames, startStack } from '@troupe/embedded';
import { interruption, reporter, runCommand } from './command.ts';
import { oneOf, readOptions } from './options.ts';
import { summary } from './summary.ts';

// npm start: everything, until Ctrl-C.

const usage = `Usage: npm start [-- [--docker] [--relay <relay>]]

Starts PostgreSQL, Kafka, the schema registry and the services, and keeps them running until Ctrl-C.
  --docker   PostgreSQL, Kafka and registry run in containers, with Kafka UI and Jaeger beside them
  --relay    what publishes the outboxes. It can be changed from start to start; nothing is lost or out of order by it:
               logical    each service, from the write-ahead log (the default)
               polling    each service, by asking the table; for databases without logical replication
               debezium   Debezium in a Kafka Connect beside the services; the first time downloads about 38 MB`;

await runCommand(async () => {
  const { docker, relay: asked } = readOptions(usage, {
    docker: { type: 'boolean', default: false },
    relay: { type: 'string', default: 'logical' },
  });
  const relay = oneOf('relay', relayNames, asked);
  const report = reporter();
  const signal = interruption(report);
  const stack = await startStack({ docker, relay, report, signal });
  for (const line of summary(stack, { docker, relay })) report.note(line);
  if (!signal.aborted) await once(signal, 'abort');
  await stack.stop();
  report.note('Everything is stopped; the data is kept.');
});
