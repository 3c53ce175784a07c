import path from 'node:path';
import { composePorts, type RelayName, type Stack, serviceNames } from '@troupe/embedded';

/** What a person sees when everything is ready: how long it took, what it uses, where everything is, what to try. */
export function summary(stack: Stack, { docker, relay }: { docker: boolean; relay: RelayName }): string[] {
  const { ports, dataDir } = stack.settings;
  const services = serviceNames.map((name) => `  ${name.padEnd(13)} http://localhost:${ports[name]}`);
  return [
    '',
    `Console: http://localhost:${ports.console}`,
    '',
    `Ready after ${(performance.now() / 1000).toFixed(1)} s. ${memoryLine(stack)}`,
    '',
    ...services,
    `  ${'mailbox'.padEnd(13)} http://localhost:${ports.mailbox}/messages (the e-mails to customers)`,
    `  ${'Kafka'.padEnd(13)} localhost:${ports.kafka}, registry http://localhost:${ports.registry}/apis/ccompat/v7`,
    `  ${'PostgreSQL'.padEnd(13)} localhost:${ports.postgres}, passwords in ${shown(path.join(dataDir, 'secrets.json'))}`,
    `  ${'relay'.padEnd(13)} ${relays[relay](ports.connect)}`,
    `  ${'logs'.padEnd(13)} ${shown(path.join(dataDir, 'logs'))}`,
    ...(docker ? dockerLinks() : []),
    '',
    'Try:',
    `  ${curlLine(ports.order)}`,
    '',
    `Ctrl-C stops everything and keeps the data; npm run reset${docker ? ' -- --docker' : ''} deletes it.`,
  ];
}

/** What publishes the outboxes. */
const relays: Readonly<Record<RelayName, (connectPort: number) => string>> = {
  logical: () => 'logical: each service publishes its outbox from the write-ahead log',
  polling: () => 'polling: each service publishes its outbox by asking the table',
  debezium: (port) => `Debezium in Kafka Connect, http://localhost:${port}/connectors?expand=status`,
};

/** Placing an order, to be pasted into a shell. */
function curlLine(port: number): string {
  const order = { items: [{ sku: 'SKU-001', quantity: 1 }], paymentToken: 'tok_ok' };
  return `curl -i -X POST http://localhost:${port}/orders -H 'content-type: application/json' -d '${JSON.stringify(order)}'`;
}

function dockerLinks(): string[] {
  const { kafkaUi, jaeger } = composePorts();
  return [
    `  ${'Kafka UI'.padEnd(13)} http://localhost:${kafkaUi}`,
    `  ${'Jaeger'.padEnd(13)} http://localhost:${jaeger} (each order's answer links its trace)`,
  ];
}

function memoryLine(stack: Stack): string {
  const uses = stack.memory();
  if (uses.length === 0) return '';
  const total = uses.reduce((sum, { megabytes }) => sum + megabytes, 0);
  const each = uses.map(({ name, megabytes }) => `${name} ${Math.round(megabytes)}`).join(', ');
  return `Memory: ${(total / 1024).toFixed(2)} GB resident (MB: ${each}).`;
}

/** Relative to where the user is, when that is shorter. */
function shown(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith('..') ? file : relative;
}
