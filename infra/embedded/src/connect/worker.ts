import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ChildSpec } from '../children/child.ts';
import { httpDoesNotAnswer } from '../http.ts';

/** What a Kafka Connect worker needs from outside. */
export interface WorkerParts {
  readonly java: string;
  /** The folder with the jars of Connect and Debezium. */
  readonly libs: string;
  readonly dataDir: string;
  readonly brokers: string;
  /** Where its REST API will be. */
  readonly url: string;
  /** Variables that connectors may name as `${env:…}`: their passwords, which are then neither stored nor shown. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * A standalone worker without state: its offsets go to /dev/null, and it gets its connectors after each start. Only the
 * replication slot remembers what the broker has, as with our own relays. A second memory in Kafka would have to be compared
 * with the slot after every change of relay. And a connector could start, and make a slot anew, before anybody checked it.
 */
function properties({ brokers, url }: WorkerParts): string {
  const entries = {
    'bootstrap.servers': brokers,
    listeners: url,
    'offset.storage.file.filename': '/dev/null',
    // How long PostgreSQL keeps what the broker has: what is published again after a crash.
    'offset.flush.interval.ms': 1_000,
    'plugin.discovery': 'service_load',
    // Defaults of connectors.
    'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'value.converter': 'org.apache.kafka.connect.converters.ByteArrayConverter',
    'config.providers': 'env',
    'config.providers.env.class': 'org.apache.kafka.common.config.provider.EnvVarConfigProvider',
    'config.providers.env.param.allowlist.pattern': 'TROUPE_.*',
  };
  return Object.entries(entries)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

/** The worker process. Ready when it lists its connectors. */
export function workerSpec(parts: WorkerParts): ChildSpec {
  mkdirSync(parts.dataDir, { recursive: true });
  const file = path.join(parts.dataDir, 'connect.properties');
  writeFileSync(file, properties(parts));
  const memory = ['-Xms64m', '-Xmx192m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:+ExitOnOutOfMemoryError'];
  const logging = [
    'showDateTime=true',
    'dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS',
    'defaultLogLevel=info',
    'showShortLogName=true',
    // It warns of each type that PostgreSQL itself has twice.
    'log.io.debezium.connector.postgresql.TypeRegistry=error',
  ];
  return {
    name: 'connect',
    command: parts.java,
    args: [
      ...memory,
      ...logging.map((setting) => `-Dorg.slf4j.simpleLogger.${setting}`),
      '-cp',
      path.join(parts.libs, '*'),
      'org.apache.kafka.connect.cli.ConnectStandalone',
      file,
    ],
    env: { ...process.env, ...parts.env },
    notReady: () => httpDoesNotAnswer(`${parts.url}/connectors`),
    readyWithinMs: 90_000,
    stopSignals: ['SIGTERM'],
    stopWithinMs: 15_000,
  };
}
