import type { BaseConfig } from './config.ts';
import { KafkaClient } from './kafka/client.ts';
import { type RunningConsumer, startConsumer } from './kafka/consumer.ts';
import { kafkaPublisher } from './kafka/producer.ts';
import type { RecordSink } from './kafka/record.ts';
import type { Log } from './log.ts';
import type { AnyMessageType } from './messages.ts';
import type { Readiness } from './readiness.ts';
import { type RunningRelay, startRelay } from './relay/logical-relay.ts';
import { InboxGuard } from './retention/inbox-guard.ts';

interface MessagingParts {
  readonly config: BaseConfig;
  readonly table: {
    readonly service: string;
    readonly reactions: readonly { readonly hears: AnyMessageType }[];
  };
  readonly sink: RecordSink;
  readonly readiness: Readiness;
  readonly log: Log;
}

/** What a service hears and says on Kafka, in this process. */
export interface Messaging {
  start(): void;
  /** Whether the ids of old events may be forgotten: only while the inbox is known to outlive the topics that are read. */
  mayForgetIds(): boolean;
  /** Stops hearing; what was heard is handled first. */
  stopConsumer(): Promise<void>;
  /** Says what is still in the outbox, and stops. */
  stopRelay(): Promise<void>;
}

/** Connects a reaction table with Kafka: a consumer for the topics that it hears, a relay for its outbox. */
export function messaging({ config, table, sink, readiness, log }: MessagingParts): Messaging {
  const { service } = table;
  const prefix = config.topicPrefix;
  const kafka = new KafkaClient({ brokers: config.kafkaBrokers, clientId: `troupe-${service}`, readiness, log });
  const publisher = kafkaPublisher(kafka, `the relay of ${service}`);
  const events = table.reactions.flatMap(({ hears }) => (hears.kind === 'event' ? [hears.topic] : []));
  const topics = [...new Set(events)].map((topic) => `${prefix}${topic}`);
  const groupId = `${prefix}${service}`;
  const { inboxRetentionMs } = config;
  const guard = new InboxGuard({
    kafka,
    topics,
    inboxRetentionMs,
    user: `the consumer group ${groupId}`,
    readiness,
    log,
  });
  let consumer: RunningConsumer | undefined;
  let relay: RunningRelay | undefined;
  return {
    start() {
      guard.start();
      void guard.passed.then(() => {
        consumer = startConsumer({ kafka, groupId, topics, sink, log });
      });
      relay = startRelay({
        connectionString: config.databaseUrl,
        slot: `troupe_${service}_outbox`,
        topicPrefix: prefix,
        publisher,
        readiness,
        log,
      });
    },
    mayForgetIds: () => guard.holds,
    async stopConsumer() {
      guard.stop();
      await consumer?.stop();
    },
    async stopRelay() {
      await relay?.stop();
      await publisher.close();
    },
  };
}
