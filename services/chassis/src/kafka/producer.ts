import { setTimeout as sleep } from 'node:timers/promises';
import type { Producer } from 'kafkajs';
import { fullJitter } from '../process/backoff.ts';
import { Retryable } from '../rules/failure.ts';
import { protocolType, rootCause, whenSilent } from './broker-health.ts';
import type { KafkaClient } from './client.ts';

export interface OutgoingRecord {
  readonly topic: string;
  readonly key: Buffer | string | null;
  readonly value: Buffer | null;
  /** In this order on the wire. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Publisher {
  /**
   * Resolves when every in-sync replica of the broker has every record. Records of one topic and key are stored in the
   * order given, and after all records of earlier calls; a caller that needs order awaits one call before the next.
   * A failure is waited out, for ever. A record may be stored twice: again behind its first copy, never before it.
   *
   * @throws RecordRefused when the broker will never take a record as it is. It has every record before that one; of those behind
   * it some may be stored, of the same key none.
   * @throws Retryable only after `close`: whether the records were stored is then not known.
   */
  publish(records: readonly OutgoingRecord[]): Promise<void>;
  /** Gives up what is being published, and disconnects. */
  close(): Promise<void>;
}

/** The broker refuses a record for what it is, however often it is asked. */
export class RecordRefused extends Error {
  override readonly name = 'RecordRefused';
  /** As the broker says it: `MESSAGE_TOO_LARGE`. */
  readonly code: string;
  /** Which of the records that were to be published. */
  readonly at: number;
  constructor(code: string, message: string, at: number) {
    super(message);
    this.code = code;
    this.at = at;
  }
}

/** What a broker says of a record. What it says of a topic holds for every record, and is waited out. */
const REFUSALS = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD']);

const ACKS_ALL = -1;
/** After this many failures in a row a new producer is tried, whatever the failures were. */
const FAILURES_TO_RENEW = 10;
const CLOSE_BOUND_MS = 3_000;

/** Only a new producer can go on. What the old one had sent without an answer may be stored twice. */
const NEW_PRODUCER = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'DUPLICATE_SEQUENCE_NUMBER',
  'INVALID_PRODUCER_EPOCH',
  'INVALID_PRODUCER_ID_MAPPING',
  'UNKNOWN_PRODUCER_ID',
]);
const BUGS = [TypeError, RangeError, ReferenceError];

/** @param user who publishes, for people: `the relay of flights`. */
export function kafkaPublisher(kafka: KafkaClient, user: string): Publisher {
  return new KafkaPublisher(kafka, user);
}

class KafkaPublisher implements Publisher {
  readonly #kafka: KafkaClient;
  readonly #user: string;
  readonly #closing = new AbortController();
  #producer: Producer | undefined;

  constructor(kafka: KafkaClient, user: string) {
    this.#kafka = kafka;
    this.#user = user;
  }

  async publish(records: readonly OutgoingRecord[]): Promise<void> {
    const topicMessages = byTopic(records);
    for (let attempt = 1; ; attempt += 1) {
      this.#closing.signal.throwIfAborted();
      const heard = whenSilent((error) => this.#silent(error));
      try {
        const producer = await this.#connected();
        await producer.sendBatch({ acks: ACKS_ALL, topicMessages });
        heard();
        this.#kafka.health.working(this.#user);
        return;
      } catch (error) {
        heard();
        if (await this.#splitUp(records, error)) return;
        await this.#failed(error, attempt);
      }
    }
  }

  async close(): Promise<void> {
    this.#closing.abort(new Retryable('PUBLISHER_CLOSED', 'The publisher was closed before the broker had answered.'));
    this.#kafka.health.forget(this.#user);
    const bound = sleep(CLOSE_BOUND_MS, undefined, { ref: false });
    await Promise.race([this.#discard(), bound]);
  }

  async #connected(): Promise<Producer> {
    if (this.#producer !== undefined) return this.#producer;
    const producer = this.#kafka.producer();
    try {
      await producer.connect();
    } catch (error) {
      await producer.disconnect().catch(() => undefined);
      throw error;
    }
    this.#producer = producer;
    return producer;
  }

  /** A batch may be too large, or invalid for one record: halves of it are tried, in their order. */
  async #splitUp(records: readonly OutgoingRecord[], error: unknown): Promise<boolean> {
    const cause = rootCause(error);
    const code = protocolType(cause) ?? '';
    if (!REFUSALS.has(code)) return false;
    // Some partitions may have taken their part: the sequence of this producer is no longer certain.
    await this.#discard();
    if (records.length < 2) {
      this.#kafka.health.working(this.#user);
      throw new RecordRefused(code, cause.message, 0);
    }
    const half = Math.ceil(records.length / 2);
    await this.publish(records.slice(0, half));
    try {
      await this.publish(records.slice(half));
    } catch (refusal) {
      throw refusal instanceof RecordRefused
        ? new RecordRefused(refusal.code, refusal.message, half + refusal.at)
        : refusal;
    }
    return true;
  }

  #silent(error: Error): void {
    if (!this.#closing.signal.aborted) this.#kafka.health.failing(this.#user, error);
  }

  async #failed(error: unknown, attempt: number): Promise<void> {
    this.#closing.signal.throwIfAborted();
    this.#kafka.health.failing(this.#user, error);
    if (needsNewProducer(rootCause(error)) || attempt % FAILURES_TO_RENEW === 0) await this.#discard();
    await sleep(fullJitter(attempt, 100, 2_000), undefined, { signal: this.#closing.signal }).catch(() => undefined);
  }

  async #discard(): Promise<void> {
    const producer = this.#producer;
    this.#producer = undefined;
    await producer?.disconnect().catch(() => undefined);
  }
}

/** A connection on which nothing is answered, though it is open, may lead to a machine that is no longer there. */
const LOST_CONNECTION = 'KafkaJSRequestTimeoutError';

function needsNewProducer(cause: Error): boolean {
  return (
    cause.name === LOST_CONNECTION ||
    NEW_PRODUCER.has(protocolType(cause) ?? '') ||
    BUGS.some((bug) => cause instanceof bug)
  );
}

function byTopic(records: readonly OutgoingRecord[]): { topic: string; messages: OutgoingRecord[] }[] {
  const topics = new Map<string, OutgoingRecord[]>();
  for (const record of records) {
    const messages = topics.get(record.topic);
    if (messages === undefined) topics.set(record.topic, [record]);
    else messages.push(record);
  }
  return [...topics].map(([topic, messages]) => ({ topic, messages }));
}
