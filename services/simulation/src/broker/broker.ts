import type { KafkaRecord } from '@troupe/chassis/internal';
import { type OutgoingRecord, partitionOf } from '@troupe/chassis/internal';
import type { World } from '../world/world.ts';
import type { ForeignRecord } from './foreign-producers.ts';
import { Group } from './group.ts';

/** Few partitions, so that keys share them. */
const PARTITIONS = 2;
/** The default of Kafka for events, and less for dead letters, so that the broker refuses some of them. */
const MAX_MESSAGE_BYTES = { events: 1_048_588, dlq: 20_000 };

/** Topics of a few partitions each, made at their first use, and consumer groups. */
export class Broker {
  readonly world: World;
  isDown = false;
  readonly #topics = new Map<string, KafkaRecord[][]>();
  readonly #groups = new Map<string, Group>();
  #listeners: ((topic: string) => void)[] = [];

  constructor(world: World) {
    this.world = world;
  }

  partitions(topic: string): readonly (readonly KafkaRecord[])[] {
    return this.#topic(topic);
  }

  /** All records of a topic, partition by partition. */
  records(topic: string): readonly KafkaRecord[] {
    return this.#topic(topic).flat();
  }

  get topics(): readonly string[] {
    return [...this.#topics.keys()];
  }

  /** Stores records in their order, each in the partition of its key. */
  store(records: readonly ForeignRecord[]): void {
    for (const { topic, key, value, headers, timestampMs = this.world.now, unreadable } of records) {
      const partition = key === null ? 0 : partitionOf(key, PARTITIONS);
      const log = this.#topic(topic)[partition] as KafkaRecord[];
      const bytes = typeof key === 'string' ? Buffer.from(key) : key;
      const place = { topic, partition, offset: String(log.length), timestampMs };
      log.push({ ...place, key: bytes, value, headers, ...(unreadable && { unreadable }) });
    }
    for (const topic of new Set(records.map((record) => record.topic))) this.notify(topic);
  }

  /** Whether a topic takes a record of this size. */
  takes({ topic, key, value, headers }: OutgoingRecord): boolean {
    const texts = Object.entries(headers).flat();
    const bytes = [key ?? '', value ?? '', ...texts].reduce((sum, part) => sum + Buffer.byteLength(part), 0);
    return bytes <= (topic.endsWith('.dlq') ? MAX_MESSAGE_BYTES.dlq : MAX_MESSAGE_BYTES.events);
  }

  /** Calls everybody who listens: the topic may have new records. */
  notify(topic: string): void {
    for (const notify of this.#listeners) notify(topic);
  }

  group(id: string, topics: readonly string[]): Group {
    const known = this.#groups.get(id) ?? new Group(this, topics);
    this.#groups.set(id, known);
    return known;
  }

  /** `notify` is called when a topic may have new records. */
  listen(notify: (topic: string) => void): () => void {
    this.#listeners.push(notify);
    return () => {
      this.#listeners = this.#listeners.filter((one) => one !== notify);
    };
  }

  #topic(topic: string): KafkaRecord[][] {
    const known = this.#topics.get(topic) ?? Array.from({ length: PARTITIONS }, () => []);
    this.#topics.set(topic, known);
    return known;
  }
}
