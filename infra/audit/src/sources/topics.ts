import { createHash, randomUUID } from 'node:crypto';
import { isId } from '@troupe/chassis';
import { momentOf, patchKafkajs, short, storable, unreadableOf } from '@troupe/chassis/internal';
import { serviceNames } from '@troupe/services';
import { type Admin, type Batch, type ConfigResourceTypes, Kafka, type KafkaMessage, logLevel } from 'kafkajs';
import type { Site } from '../site.ts';
import { hears } from './hears.ts';
import type { Scratch } from './scratch.ts';

/** A broker that is up and gives nothing for this long has a fault. */
const SILENCE_MS = 30_000;
/** kafkajs 2.2.4 keeps its enumeration where an ES module cannot import it by name. */
const TOPIC: ConfigResourceTypes.TOPIC = 2;

interface Bounds {
  readonly topic: string;
  readonly partition: number;
  readonly low: bigint;
  /** The offset after the last record that was there when reading began. */
  readonly high: bigint;
  readonly kept_since: string;
}

/** Reads the topics of all services, as far as they go now, and how far each service has come. */
export async function readTopics(scratch: Scratch, site: Site): Promise<void> {
  patchKafkajs();
  const kafka = new Kafka({ brokers: site.brokers.split(','), clientId: 'troupe-audit', logLevel: logLevel.NOTHING });
  const prefix = site.topicPrefix ?? '';
  const admin = kafka.admin();
  await admin.connect();
  try {
    const topics = serviceNames.map((service) => `${prefix}${service}.events`);
    // The offsets of the groups are asked first: what they handle later lies behind what is read. The questions go one after
    // the other, because kafkajs forgets a topic's partitions when it is asked about two topics at once.
    for (const name of serviceNames) await scratch.add('handled', await handled(admin, name, prefix));
    const bounds: Bounds[] = [];
    for (const topic of topics) bounds.push(...(await boundsOf(admin, topic)));
    await scratch.add(
      'partition',
      bounds.map(({ topic, low, high, ...place }) => {
        return { ...place, topic: topic.slice(prefix.length), low: String(low), high: String(high) };
      }),
    );
    await scratch.add('hears', hears);
    await readAll(kafka, bounds, async (batch) => {
      const records = batch.messages.filter((message) => unreadableOf(message) === undefined);
      const rows = records.map((message) => row(batch, message, prefix));
      await scratch.add('record', rows);
      await scratch.add('unreadable', unreadableRows(batch, prefix));
    });
  } finally {
    await admin.disconnect();
  }
}

async function boundsOf(admin: Admin, topic: string): Promise<Bounds[]> {
  const offsets = await admin.fetchTopicOffsets(topic);
  const kept_since = await keptSince(admin, topic);
  return offsets.map(({ partition, low, high }) => {
    return { topic, partition, low: BigInt(low), high: BigInt(high), kept_since };
  });
}

/** No record that is younger was deleted by its age. */
async function keptSince(admin: Admin, topic: string): Promise<string> {
  const resources = [{ type: TOPIC, name: topic, configNames: ['retention.ms'] }];
  const { resources: found } = await admin.describeConfigs({ resources, includeSynonyms: false });
  const retentionMs = Number(found[0]?.configEntries[0]?.configValue);
  return retentionMs >= 0 ? new Date(Date.now() - retentionMs).toISOString() : '-infinity';
}

async function handled(admin: Admin, service: string, prefix: string) {
  const topics = [...new Set(hears.filter((row) => row.service === service).map(({ topic }) => `${prefix}${topic}`))];
  const offsets = await admin.fetchOffsets({ groupId: `${prefix}${service}`, topics });
  return offsets.flatMap(({ topic, partitions }) =>
    partitions
      .filter(({ offset }) => Number(offset) >= 0)
      .map(({ partition, offset }) => ({ service, topic: topic.slice(prefix.length), partition, offset })),
  );
}

/** As the only member of a group that commits nothing, and is gone afterwards. Each record comes once. */
async function readAll(kafka: Kafka, bounds: readonly Bounds[], take: (batch: Batch) => Promise<void>): Promise<void> {
  const left = new Map(bounds.filter(({ low, high }) => low < high).map((one) => [placeOf(one), one.high]));
  if (left.size === 0) return;
  const consumer = kafka.consumer({
    groupId: `troupe-audit-${randomUUID()}`,
    maxWaitTimeInMs: 100,
    retry: { retries: 3 },
  });
  try {
    await new Promise<void>((resolve, reject) => {
      const silent = setTimeout(
        () => reject(new Error('The topics could not be read: Kafka gives nothing.')),
        SILENCE_MS,
      );
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      const eachBatch = async ({ batch }: { readonly batch: Batch }): Promise<void> => {
        silent.refresh();
        if (!left.has(placeOf(batch))) return;
        await take(batch);
        passed(batch, batch.lastOffset());
      };
      const passed = (place: Place, lastOffset: string): void => {
        if (BigInt(lastOffset) + 1n >= (left.get(placeOf(place)) ?? 0n)) left.delete(placeOf(place));
        if (left.size > 0) return;
        clearTimeout(silent);
        resolve();
      };
      // kafkajs hands nothing on when only offsets without a record came: ends of transactions, and aborted records.
      consumer.on(consumer.events.START_BATCH_PROCESS, ({ payload }) => {
        if (payload.batchSize === 0) passed(payload, payload.lastOffset);
      });
      const topics = [...new Set(bounds.map(({ topic }) => topic))];
      const start = async (): Promise<void> => {
        await consumer.connect();
        await consumer.subscribe({ topics, fromBeginning: true });
        await consumer.run({ autoCommit: false, partitionsConsumedConcurrently: 1, eachBatch });
      };
      start().catch(reject);
    });
  } finally {
    await consumer.disconnect().catch(() => undefined);
  }
}

interface Place {
  readonly topic: string;
  readonly partition: number;
}
const placeOf = ({ topic, partition }: Place) => `${topic}/${partition}`;

const unreadableRows = ({ topic, partition, messages }: Batch, prefix: string) =>
  messages.flatMap((message) => {
    const unreadable = unreadableOf(message);
    if (unreadable === undefined) return [];
    return [{ topic: topic.slice(prefix.length), partition, offset: message.offset, reason: unreadable.reason }];
  });

function row(
  { topic, partition }: Batch,
  { offset, key, value, timestamp, headers = {} }: KafkaMessage,
  prefix: string,
) {
  const id = headers.ce_id?.toString();
  return {
    topic: topic.slice(prefix.length),
    partition,
    offset,
    key: told(key?.toString()),
    id: id !== undefined && isId(id) ? id : null,
    type: told(headers.ce_type?.toString()),
    payload_hash: value && createHash('sha256').update(value).digest('hex'),
    at: new Date(momentOf(Number(timestamp))).toISOString(),
  };
}

/** The longest key or type; ours are shorter. A page of rows is one text, which must not become too long. */
const LONGEST = 200;

/** A text that PostgreSQL accepts. One that is too long is replaced by its beginning and its hash. */
function told(text: string | undefined): string | undefined {
  if (text === undefined || text.length <= LONGEST) return storable(text);
  return `${short(text, LONGEST)}… (SHA-256 ${createHash('sha256').update(text).digest('hex')})`;
}
