import { fileURLToPath } from 'node:url';
import { isServiceName } from '@troupe/services';
import { connectorConfig, connectorOf, passwordVariable } from './connect/connector.ts';
import { Keeper } from './connect/keeper.ts';
import { ConnectRest } from './connect/rest.ts';
import { hindrance } from './connect/slot.ts';
import { EnvironmentError, siteFrom } from './environment.ts';
import { ensureTopics, heartbeatTopic } from './kafka/topics.ts';
import { slotOf } from './postgres/databases.ts';

// Runs beside Kafka Connect until SIGTERM: gives it a connector for the outbox of each service, and keeps it running. A connector
// is not started on a slot that is missing or lost. Services run with RELAY=none meanwhile.

const home = fileURLToPath(new URL('../../../', import.meta.url));
const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());

try {
  const url = process.env.CONNECT_URL;
  if (!url)
    throw new EnvironmentError(['CONNECT_URL is not set. It is the REST API of Kafka Connect: http://debezium:8083']);
  const { databases, brokers } = siteFrom(process.env, home);
  await ensureTopics(brokers, [heartbeatTopic()]);
  const rest = new ConnectRest(url);
  const told = { note: (line: string) => console.log(line), warn: (line: string) => console.error(line) };
  const keepers = databases.flatMap(({ owner, url: databaseUrl }) => {
    if (!isServiceName(owner)) return [];
    const slot = slotOf(owner);
    const password = `\${env:${passwordVariable(owner)}}`;
    const source = { service: owner, slot, databaseUrl, password, topicPrefix: '' };
    const kept = { name: connectorOf(source), config: connectorConfig(home, source) };
    return [new Keeper({ ...kept, hindrance: () => hindrance(databaseUrl, slot) }, rest, told)];
  });
  console.log(`Keeping ${keepers.length} connectors at ${url}`);
  await Promise.all(keepers.map((keeper) => keeper.keep(stop.signal)));
} catch (error) {
  console.error(error instanceof EnvironmentError ? error.faults.map((fault) => `✗ ${fault}`).join('\n') : error);
  process.exit(error instanceof EnvironmentError ? 78 : 1);
}
