import { composeVariables, settingVariables, type Variable } from '@troupe/embedded';

const width = Math.max(...[...settingVariables, ...composeVariables].map(({ name }) => name.length));
const lines = (variables: readonly Variable[]) =>
  variables.map(({ name, is, otherwise }) => `  ${name.padEnd(width)}  ${is} (default ${otherwise})`).join('\n');

/** What `npm start -- --help` says. */
export const startUsage = `Usage: npm start [-- [--docker] [--relay <relay>]]

Starts PostgreSQL, Kafka, the schema registry and the services, and keeps them running until Ctrl-C.
  --docker   PostgreSQL, Kafka and registry run in containers, with Kafka UI and Jaeger beside them
  --relay    what publishes the outboxes. It can be changed from start to start; nothing is lost or out of order by it:
               logical    each service, from the write-ahead log (the default)
               polling    each service, by asking the table; for databases without logical replication
               debezium   Debezium in a Kafka Connect beside the services; the first time downloads about 38 MB

Environment variables:
${lines(settingVariables)}
and with --docker:
${lines(composeVariables)}
Those of a service, such as ORDER_DEADLINE_MS, reach it as they are: services/<name>/src/service.ts has them.`;
