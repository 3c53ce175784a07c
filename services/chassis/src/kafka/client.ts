import net from 'node:net';
import { type Admin, type Consumer, type ConsumerConfig, Kafka, logLevel, type Producer } from 'kafkajs';
import type { Readiness } from '../process/readiness.ts';
import type { Log } from '../telemetry/log.ts';
import { BrokerHealth } from './broker-health.ts';
import { kafkajsLog } from './kafkajs-log.ts';
import { assignerAt, type GroupMembership } from './patches/group-membership.ts';
import { type KafkajsCodec, patchKafkajs } from './patches/patch-kafkajs.ts';
import { partitionOf } from './wire/murmur2.ts';

export interface KafkaOptions {
  /** `host:port` */
  readonly brokers: readonly string[];
  /** Names this process in the broker's logs and quotas. */
  readonly clientId: string;
  readonly readiness: Readiness;
  readonly log: Log;
  /** Which patches kafkajs gets. Default: all. */
  readonly codec?: KafkajsCodec;
  /** How a connection to a broker is opened. Default: straight to it. */
  readonly connect?: (to: BrokerAddress) => net.Socket;
}

interface BrokerAddress {
  readonly host: string;
  readonly port: number;
  onConnect(): void;
}

type OutOfRangeListener = (topic: string, partition: number) => void;

/** Short, since callers repeat it for ever: trouble shows at `/readyz` within seconds, and a stop need not wait. */
const RETRY = { initialRetryTime: 100, maxRetryTime: 1_000, retries: 4, multiplier: 2, factor: 0.2 };
/** A broker that has not answered by then is taken for dead. Long: one that is only slow must not be asked again and again. */
const REQUEST_TIMEOUT_MS = 15_000;
const CONNECTION_TIMEOUT_MS = 3_000;
const KEEP_ALIVE_MS = 60_000;

/** The way to Kafka of one process. It makes no connection itself, and nothing creates a topic. */
export class KafkaClient {
  readonly health: BrokerHealth;
  readonly #kafka: Kafka;
  readonly #outOfRange = new Set<OutOfRangeListener>();

  constructor({ brokers, clientId, readiness, log, codec, connect = promptSocket }: KafkaOptions) {
    patchKafkajs(codec);
    this.health = new BrokerHealth(brokers, readiness, log);
    this.#kafka = new Kafka({
      brokers: [...brokers],
      clientId,
      retry: RETRY,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      socketFactory: connect,
      logLevel: logLevel.INFO,
      logCreator: kafkajsLog(log, {
        offsetOutOfRange: (topic, partition) => {
          for (const listener of this.#outOfRange) listener(topic, partition);
        },
      }),
    });
  }

  /** @param membership which the consumer takes over from the one before it. */
  consumer(
    config: Omit<ConsumerConfig, 'retry' | 'allowAutoTopicCreation' | 'partitionAssigners'>,
    membership: GroupMembership,
  ): Consumer {
    return this.#kafka.consumer({
      ...config,
      partitionAssigners: [assignerAt(membership)],
      allowAutoTopicCreation: false,
      // A crashed consumer is replaced by a new one, in one place, whatever it crashed of.
      retry: { ...RETRY, restartOnFailure: async () => false },
    });
  }

  /** Idempotent; partitions by murmur2 of the key, as Java clients do. */
  producer(): Producer {
    return this.#kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner,
      // Each may last as long as a time-out, and after one of them another connection is better than another try.
      retry: { ...RETRY, retries: 1 },
    });
  }

  /** Not connected. For who asks again and again; see `ask` for one question. */
  admin(): Admin {
    return this.#kafka.admin();
  }

  async ask<Answer>(question: (admin: Admin) => Promise<Answer>): Promise<Answer> {
    const admin = this.admin();
    try {
      await admin.connect();
      return await question(admin);
    } finally {
      await admin.disconnect();
    }
  }

  /** Calls `listener` whenever a committed offset is found outside of its log. Returns a way to stop that. */
  onOffsetOutOfRange(listener: OutOfRangeListener): () => void {
    this.#outOfRange.add(listener);
    return () => this.#outOfRange.delete(listener);
  }
}

/** A request must not wait for the acknowledgement of the one before it (Nagle's algorithm). */
function promptSocket({ host, port, onConnect }: BrokerAddress): net.Socket {
  const options = { host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS };
  return net.connect(options, onConnect);
}

interface Partitioned {
  readonly message: { readonly key?: Buffer | string | null; readonly partition?: number };
  readonly partitionMetadata: readonly unknown[];
}

function createPartitioner(): (args: Partitioned) => number {
  let turn = 0;
  return ({ message: { key, partition }, partitionMetadata }) => {
    if (partition !== undefined) return partition;
    if (key === null || key === undefined) return turn++ % partitionMetadata.length;
    return partitionOf(key, partitionMetadata.length);
  };
}
