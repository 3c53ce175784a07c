import { setTimeout as sleep } from 'node:timers/promises';
import { serviceNames } from '@troupe/services';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { answers } from '../answers.ts';
import { calmTimers } from './calm-timers.ts';

calmTimers();

/** A topic as it has to be. */
export interface Topic {
  readonly name: string;
  readonly partitions: number;
  /** Default: seven days. */
  readonly retentionMs?: number;
  /** The size of the largest batch of records. Default: the broker's, 1 MiB. */
  readonly maxMessageBytes?: number;
}

const partitions = 6;
/** A dead letter has more headers than its record, which may have been as large as its topic allows. */
const deadLetterBytes = 2 * 1024 * 1024;
const ledWithinMs = 30_000;
const sevenDaysMs = 7 * 24 * 60 * 60 * 1000;

/** The event topic of each service, and the dead-letter topic of each consumer group, which is named after its service. */
export function topics(prefix = ''): Topic[] {
  return serviceNames.flatMap((service) => [
    { name: `${prefix}${service}.events`, partitions },
    { name: `${prefix}${service}.dlq`, partitions, maxMessageBytes: deadLetterBytes },
  ]);
}

/**
 * Where Debezium writes a heartbeat every few seconds. It moves the position of an idle outbox on, so that PostgreSQL need
 * not keep the log that busier databases write.
 */
export function heartbeatTopic(prefix = ''): Topic {
  return { name: `${prefix}debezium.heartbeats`, partitions: 1, retentionMs: 60 * 60 * 1000 };
}

/** Creates missing topics. Idempotent; existing topics stay as they are. */
export async function ensureTopics(brokers: string, wanted: readonly Topic[] = topics()): Promise<void> {
  const admin = clientOf(brokers).admin();
  await admin.connect();
  try {
    const present = new Set(await admin.listTopics());
    const missing = wanted.filter(({ name }) => !present.has(name));
    if (missing.length === 0) return;
    await admin.createTopics({
      // kafkajs' own wait fails while the broker does not know a topic that it has just created.
      waitForLeaders: false,
      topics: missing.map((topic) => ({
        topic: topic.name,
        numPartitions: topic.partitions,
        replicationFactor: 1,
        configEntries: settingsOf(topic),
      })),
    });
    await untilLed(
      admin,
      missing.map(({ name }) => name),
    );
  } finally {
    await admin.disconnect();
  }
}

/** Waits until every partition of these topics can be written to. */
async function untilLed(admin: Admin, names: string[]): Promise<void> {
  const end = Date.now() + ledWithinMs;
  for (;;) {
    const reason = await notLed(admin, names);
    if (reason === undefined) return;
    if (Date.now() > end) throw new Error(`Kafka made its topics, and cannot be written to after 30 s: ${reason}`);
    await sleep(100);
  }
}

async function notLed(admin: Admin, names: string[]): Promise<string | undefined> {
  try {
    const { topics: found } = await admin.fetchTopicMetadata({ topics: names });
    const without = found.filter(({ partitions }) => partitions.some(({ leader }) => leader < 0));
    return without.length === 0 ? undefined : `${without.map(({ name }) => name).join(', ')} without a leader`;
  } catch (error) {
    return (error as Error).message;
  }
}

function settingsOf({ retentionMs = sevenDaysMs, maxMessageBytes }: Topic): { name: string; value: string }[] {
  const retention = { name: 'retention.ms', value: String(retentionMs) };
  if (maxMessageBytes === undefined) return [retention];
  return [retention, { name: 'max.message.bytes', value: String(maxMessageBytes) }];
}

/** Undefined when the broker answers a client, else why it does not. */
export async function brokerDoesNotAnswer(brokers: string): Promise<string | undefined> {
  // The port is tried first, because the client is slow to fail on a closed port.
  const { hostname, port } = new URL(`tcp://${brokers.split(',')[0]}`);
  if (!(await answers(hostname, Number(port)))) return `nothing listens on ${brokers}`;
  const admin = clientOf(brokers).admin();
  try {
    await admin.connect();
    await admin.listTopics();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  } finally {
    await admin.disconnect().catch(() => {});
  }
}

function clientOf(brokers: string): Kafka {
  return new Kafka({
    clientId: 'troupe-deploy',
    brokers: brokers.split(','),
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 100, retries: 8 },
  });
}
