import type { BaseConfig } from '../configuration/config.ts';
import { KafkaClient } from '../kafka/client.ts';
import { type ConsumerStanding, type RunningConsumer, startConsumer } from '../kafka/consumer/consumer.ts';
import { kafkaPublisher } from '../kafka/producer.ts';
import type { RecordSink } from '../kafka/record.ts';
import type { ConsumerStatus, MessagingStatus } from '../operations/status/messaging-status.ts';
import { type RunningPruner, startOutboxPruner } from '../outbox/pruner.ts';
import { PublishedPosition } from '../outbox/published-position.ts';
import { startRelay } from '../outbox/relay/logical-relay.ts';
import { relayMetrics } from '../outbox/relay/metrics.ts';
import { startPollingRelay } from '../outbox/relay/polling-relay.ts';
import type { RelayOptions, RunningRelay } from '../outbox/relay/relay.ts';
import type { Readiness } from '../process/readiness.ts';
import { InboxGuard } from '../retention/inbox-guard.ts';
import type { AnyMessageType } from '../rules/messages.ts';
import type { Log } from '../telemetry/log.ts';

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
  /** How it stands now. Costs nothing. */
  readonly status: MessagingStatus;
  /** Stops hearing; what was heard is handled first. */
  stopConsumer(): Promise<void>;
  /** Says what is still in the outbox, and stops. */
  stopRelay(): Promise<void>;
}

type StartRelay = (options: RelayOptions) => RunningRelay | undefined;

/** By the setting `relay`. With `none` somebody else publishes the outbox through its slot: Debezium. */
const relays: Readonly<Record<BaseConfig['relay'], StartRelay>> = {
  logical: startRelay,
  polling: startPollingRelay,
  none: () => undefined,
};

/** Connects a reaction table with Kafka: a consumer for the topics that it hears, a relay for its outbox. */
export function messaging({ config, table, sink, readiness, log }: MessagingParts): Messaging {
  const { service } = table;
  const { topicPrefix: prefix, databaseUrl: connectionString, inboxRetentionMs, outboxRetentionMs } = config;
  const { kafkaBrokers: brokers, kafkajsCodec: codec } = config;
  const kafka = new KafkaClient({ brokers, clientId: `troupe-${service}`, codec, readiness, log });
  const publisher = kafkaPublisher(kafka, `the relay of ${service}`);
  const events = table.reactions.flatMap(({ hears }) => (hears.kind === 'event' ? [hears.topic] : []));
  const topics = [...new Set(events)].map((topic) => `${prefix}${topic}`);
  const groupId = `${prefix}${service}`;
  const kept = { inboxRetentionMs, outboxRetentionMs };
  const slot = `troupe_${service}_outbox`;
  const published = new PublishedPosition();
  const guard = new InboxGuard({ kafka, topics, kept, user: `the consumer group ${groupId}`, readiness, log });
  let consumer: RunningConsumer | undefined;
  let relay: RunningRelay | undefined;
  let pruner: RunningPruner | undefined;
  const madeAt = new Date();
  const consumerStatus = (): ConsumerStatus => {
    const held = guard.heldBackBecause;
    if (topics.length === 0) return { state: 'none', since: madeAt, reason: 'It hears no event.' };
    if (consumer === undefined) return { state: 'held back', since: madeAt, reason: held ?? 'It is about to begin.' };
    const { isMember, since }: ConsumerStanding = consumer.standing;
    return { state: isMember ? 'member' : 'joining', since, reason: null };
  };
  return {
    status: {
      groupId,
      topics,
      topicPrefix: prefix,
      slot,
      published,
      relay: () => ({ kind: config.relay, standing: relay?.standing }),
      consumer: consumerStatus,
    },
    start() {
      guard.start();
      // Who hears no event is a member of no group.
      if (topics.length > 0)
        void guard.passed.then(() => {
          consumer = startConsumer({ kafka, groupId, topics, sink, log });
        });
      const observer = published.watching(relayMetrics);
      relay = relays[config.relay]({
        connectionString,
        slot,
        topicPrefix: prefix,
        publisher,
        readiness,
        log,
        observer,
      });
      // A relay that polls deletes what it has published.
      if (config.relay === 'polling') return;
      pruner = startOutboxPruner({ connectionString, slot, retentionMs: outboxRetentionMs, log });
    },
    mayForgetIds: () => guard.holds,
    async stopConsumer() {
      guard.stop();
      await consumer?.stop();
    },
    async stopRelay() {
      await Promise.all([relay?.stop(), pruner?.stop()]);
      await publisher.close();
    },
  };
}
