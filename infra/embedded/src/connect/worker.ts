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
  /** Variables that connectors may name as `${env:…}`: their passwords, which so are neither stored nor shown. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * A standalone worker that keeps nothing: its offsets go to /dev/null, its connectors are given to it after each start.
 * How far the broker has everything is remembered by the replication slot alone, as with our own relays. A second
 * memory in Kafka would have to be held against the slot after every change of relay, and no connector could be kept
 * from starting, and from making a slot anew, before somebody had looked at its slot.
 */
function properties({ brokers, url }: WorkerParts): string {
  const entries = {
    'bootstrap.servers': brokers,
    listeners: url,
    'offset.storage.file.filename': '/dev/null',
    // How long PostgreSQL keeps what the broker has: what is published again after a crash.
    'offset.flush.interval.ms': 1_000,
    'plugin.discovery': 'service_load',
    // What a connector does not name for itself.
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
    // Warns of each type that PostgreSQL itself brings twice.
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
