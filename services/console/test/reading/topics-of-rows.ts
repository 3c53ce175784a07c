import { randomBytes } from 'node:crypto';
import { patchKafkajs } from '@troupe/chassis/internal';
import { fromStack } from '@troupe/chassis/testing';
import { ensureTopics, topics } from '@troupe/embedded';
import { createCodec, events } from '@troupe/schemas';
import { type Admin, Kafka, logLevel, type Message } from 'kafkajs';
import { grouped } from '../../src/store/grouped.ts';
import type { RecordRow } from '../../src/store/record-row.ts';

patchKafkajs();
/** So few that a rebuild, too, comes in between. */
const WRITTEN_AT_ONCE = 25;

/** Topics of one test: its own, by their prefix. */
export interface OwnTopics {
  readonly prefix: string;
  /** Writes the records that rows are made of, in their order. */
  write(rows: readonly RecordRow[]): Promise<void>;
  ask<Answer>(question: (admin: Admin) => Promise<Answer>): Promise<Answer>;
  /** The end of each partition, and what each group has committed, but for groups that begin so. */
  everything(butGroups: string): Promise<Readonly<Record<string, string>>>;
  close(): Promise<void>;
}

export async function ownTopics(): Promise<OwnTopics> {
  const brokers = fromStack('TEST_KAFKA_BROKERS');
  const prefix = `rebuild-${randomBytes(4).toString('hex')}.`;
  const own = topics(prefix);
  await ensureTopics(brokers, own);
  const kafka = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING });
  const producer = kafka.producer();
  const admin = kafka.admin();
  await Promise.all([producer.connect(), admin.connect()]);
  const codec = createCodec({ registryUrl: fromStack('TEST_REGISTRY_URL') });
  await codec.prepare(events);

  const messageOf = (row: RecordRow): Message => ({
    partition: row.partition,
    key: row.key,
    value:
      row.broken === null
        ? codec.encode({ type: row.type ?? '', data: JSON.parse(row.payload ?? '{}') })
        : Buffer.from(row.broken.hex, 'hex'),
    timestamp: String(row.publishedAt),
    headers: headersOf(row),
  });

  return {
    prefix,
    async write(rows) {
      for (let at = 0; at < rows.length; at += WRITTEN_AT_ONCE) {
        const messages = grouped(rows.slice(at, at + WRITTEN_AT_ONCE), ({ topic }) => topic);
        await producer.sendBatch({
          topicMessages: [...messages].map(([topic, own]) => ({
            topic: `${prefix}${topic}`,
            messages: own.map(messageOf),
          })),
        });
      }
    },
    ask: (question) => question(admin),
    async everything(butGroups) {
      const ends = await Promise.all(
        own.map(async ({ name }) =>
          (await admin.fetchTopicOffsets(name)).map((one) => [`${name}/${one.partition}`, one.high]),
        ),
      );
      const { groups } = await admin.listGroups();
      const others = groups
        .map(({ groupId }) => groupId)
        .filter((id) => id.startsWith(prefix) && !id.startsWith(butGroups));
      const committed = await Promise.all(
        others.map(async (groupId) => [groupId, JSON.stringify(await admin.fetchOffsets({ groupId }))]),
      );
      return Object.fromEntries([...ends.flat(), ...committed]);
    },
    async close() {
      await admin.deleteTopics({ topics: own.map(({ name }) => name) });
      await Promise.all([producer.disconnect(), admin.disconnect()]);
    },
  };
}

function headersOf({ headers, saidAt, causationId, depth, traceId, isEvent }: RecordRow): Record<string, string> {
  return {
    ...(JSON.parse(headers) as Record<string, string>),
    ...(saidAt !== null && { ce_time: new Date(saidAt).toISOString(), ce_depth: String(depth) }),
    ...(causationId !== null && { ce_causationid: causationId }),
    ...(traceId !== null && { traceparent: `00-${traceId}-00f067aa0ba902b7-01` }),
    ...(!isEvent && { 'x-error-class': 'AVRO_BROKEN', 'x-error-message': 'it cannot be read' }),
  };
}
