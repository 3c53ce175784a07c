import type { KafkaRecord } from '@troupe/chassis';
import { type OutgoingRecord, partitionOf } from '@troupe/chassis/internal';
import type { ForeignRecord } from '../strangers.ts';
import type { World } from '../world.ts';
import { Group } from './group.ts';

/** Few, so that keys share them. */
const PARTITIONS = 2;
/** A topic takes what brokers take by default; on the dead-letter topics somebody has lowered that. */
const MAX_MESSAGE_BYTES = { events: 1_048_588, dlq: 20_000 };

/** Topics, made when they are first spoken of, each of a few partitions; and consumer groups. */
export class Broker {
  readonly world: World;
  isAway = false;
  readonly #topics = new Map<string, KafkaRecord[][]>();
  readonly #groups = new Map<string, Group>();
  #listeners: ((topic: string) => void)[] = [];

  constructor(world: World) {
    this.world = world;
  }

  partitions(topic: string): readonly (readonly KafkaRecord[])[] {
    return this.#topic(topic);
  }

  /** Everything on a topic, partition by partition. */
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
    for (const topic of new Set(records.map((record) => record.topic))) this.tell(topic);
  }

  /** Whether a topic takes a record of this size. */
  takes({ topic, key, value, headers }: OutgoingRecord): boolean {
    const texts = Object.entries(headers).flat();
    const bytes = [key ?? '', value ?? '', ...texts].reduce((sum, part) => sum + Buffer.byteLength(part), 0);
    return bytes <= (topic.endsWith('.dlq') ? MAX_MESSAGE_BYTES.dlq : MAX_MESSAGE_BYTES.events);
  }

  /** Tells whoever listens that a topic may have something new. */
  tell(topic: string): void {
    for (const tell of this.#listeners) tell(topic);
  }

  group(id: string, topics: readonly string[]): Group {
    const known = this.#groups.get(id) ?? new Group(this, topics);
    this.#groups.set(id, known);
    return known;
  }

  /** Who wants to know when a topic has something new. */
  listen(tell: (topic: string) => void): () => void {
    this.#listeners.push(tell);
    return () => {
      this.#listeners = this.#listeners.filter((one) => one !== tell);
    };
  }

  #topic(topic: string): KafkaRecord[][] {
    const known = this.#topics.get(topic) ?? Array.from({ length: PARTITIONS }, () => []);
    this.#topics.set(topic, known);
    return known;
  }
}
