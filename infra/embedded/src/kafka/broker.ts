import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { brokerDoesNotAnswer } from '@troupe/deploy';
import type { ChildSpec } from '../children/child.ts';
import type { Settings } from '../settings.ts';

const run = promisify(execFile);

/** What a broker needs from outside. */
export interface BrokerParts {
  readonly java: string;
  /** The folder with Kafka's jars. */
  readonly libs: string;
}

/** One node that is broker and controller (KRaft). Only the project creates topics, never a client. */
function properties({ dataDir, ports }: Settings, logDir: string): string {
  const entries = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${ports.kafkaController}`,
    listeners: `PLAINTEXT://127.0.0.1:${ports.kafka},CONTROLLER://127.0.0.1:${ports.kafkaController}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${ports.kafka}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': path.join(dataDir, logDir),
    'auto.create.topics.enable': false,
    'num.partitions': 6,
    // A group that was away for three weeks still has its offsets; records are kept for one week.
    'offsets.retention.minutes': 30 * 24 * 60,
    // One node: nothing can be replicated.
    'default.replication.factor': 1,
    'min.insync.replicas': 1,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 8,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    // An idle controller otherwise writes to its log twice a second, for observers that a single node does not have.
    'metadata.max.idle.interval.ms': 5_000,
    // Sized for a laptop.
    'group.coordinator.threads': 1,
    'share.coordinator.threads': 1,
    'log.cleaner.dedupe.buffer.size': 8 * 1024 * 1024,
    'num.network.threads': 1,
    'num.io.threads': 2,
    'background.threads': 2,
  };
  return Object.entries(entries)
    .map(([key, value]) => `${key}=${String(value).replaceAll('\\', '/')}\n`)
    .join('');
}

/** Writes the broker's configuration, and formats its log when there is none: beside its place, and then renamed. */
export async function prepareBroker(
  settings: Settings,
  { java, libs }: BrokerParts,
  signal: AbortSignal,
): Promise<void> {
  const log = path.join(settings.dataDir, 'kafka');
  mkdirSync(settings.dataDir, { recursive: true });
  const file = configurationOf(settings);
  if (!existsSync(log)) {
    rmSync(`${log}.partial`, { recursive: true, force: true });
    writeFileSync(file, properties(settings, 'kafka.partial'));
    const clusterId = newClusterId();
    const classPath = path.join(libs, '*');
    await run(
      java,
      [
        '-Xmx128m',
        '-XX:TieredStopAtLevel=1',
        '-cp',
        classPath,
        'kafka.tools.StorageTool',
        'format',
        '-t',
        clusterId,
        '-c',
        file,
      ],
      { signal },
    );
    renameSync(`${log}.partial`, log);
  }
  writeFileSync(file, properties(settings, 'kafka'));
}

/** 16 random bytes. The first bit is 0, because an id that begins with `-` would be taken for an option. */
function newClusterId(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0] as number) & 0x7f;
  return bytes.toString('base64url');
}

const configurationOf = ({ dataDir }: Settings): string => path.join(dataDir, 'kafka.properties');

/** The broker process. Ready when it answers a client. */
export function brokerSpec(settings: Settings, { java, libs }: BrokerParts): ChildSpec {
  const memory = [
    '-Xms128m',
    '-Xmx256m',
    '-XX:+UseSerialGC',
    '-XX:+ExitOnOutOfMemoryError',
    // In the first minutes the second compiler takes more CPU and memory than its code saves.
    '-XX:TieredStopAtLevel=1',
    // Counters for jstat and jps, sampled twenty times a second.
    '-XX:-UsePerfData',
  ];
  const logging = [
    'showDateTime=true',
    'dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS',
    'defaultLogLevel=info',
    'showShortLogName=true',
  ];
  return {
    name: 'kafka',
    command: java,
    args: [
      ...memory,
      ...logging.map((setting) => `-Dorg.slf4j.simpleLogger.${setting}`),
      '-cp',
      path.join(libs, '*'),
      'kafka.Kafka',
      configurationOf(settings),
    ],
    env: process.env,
    notReady: () => brokerDoesNotAnswer(`127.0.0.1:${settings.ports.kafka}`),
    readyWithinMs: 90_000,
    stopSignals: ['SIGTERM'],
    stopWithinMs: 20_000,
  };
}
