import type { KafkaRecord } from '@troupe/chassis/internal';
import { type OutgoingRecord, RECORD_BATCH } from '@troupe/chassis/internal';
import type { Random } from '../world/random.ts';
import { ADDED_BYTES, UPGRADED_BY } from './schema-registry.ts';

/**
 * A record with the timestamp of its producer; without one it gets the broker's. With `unreadable`, a consumer gets it as the
 * real reader hands out a batch that it cannot read.
 */
export type ForeignRecord = OutgoingRecord & Partial<Pick<KafkaRecord, 'timestampMs' | 'unreadable'>>;

/** Makes a record that none of our services writes, from one on the topic. It mostly has the same key. */
export type ForeignProducer = (like: KafkaRecord, random: Random) => ForeignRecord;

/** How deep in the tree of causes an event may lie, for the services of a simulation: as in production by default. */
export const EVENT_DEPTH_LIMIT = 64;

/** Services have to read what this producer writes: its schema is a later version. */
export const NEWER_PRODUCER = 'an event again, by a producer who is ahead of us';

/** Producers that are not ours, named by what is unusual about their records. Each is a coverage point. */
export const FOREIGN_PRODUCERS: Readonly<Record<string, ForeignProducer>> = {
  'an event again, its order in upper case': (like, random) => {
    const [key, value] = [upper(like.key), upper(like.value, like.key)];
    return { topic: like.topic, key, value, headers: { ...like.headers, ce_id: newId(random) } };
  },
  'an event again, the order in its value in upper case': (like, random) => {
    const { topic, key, value, headers } = like;
    return { topic, key, value: upper(value, key), headers: { ...headers, ce_id: newId(random) } };
  },
  'an event again, its id in upper case': ({ topic, key, value, headers }) => {
    return { topic, key, value, headers: { ...headers, ce_id: (headers.ce_id ?? '').toUpperCase() } };
  },
  [NEWER_PRODUCER]: ({ topic, key, value, headers }, random) => {
    return { topic, key, value: withAnotherField(value), headers: { ...headers, ce_id: newId(random) } };
  },
  'an event again, with a depth that is none': ({ topic, key, value, headers }, random) => {
    const depth = random.pick(['', '0', '-1', '1e3', ' 2', 'NaN', '9'.repeat(40)]);
    return { topic, key, value, headers: { ...headers, ce_id: newId(random), ce_depth: depth } };
  },
  'an event again, from the depths of a loop': ({ topic, key, value, headers }, random) => {
    const depth = random.pick([String(EVENT_DEPTH_LIMIT + 1), '999999999']);
    return { topic, key, value, headers: { ...headers, ce_id: newId(random), ce_depth: depth } };
  },
  'bytes that are not Avro': ({ topic, key }) => ({ topic, key, value: Buffer.from('not Avro'), headers: {} }),
  'a batch that cannot be read': ({ topic, offset }) => ({
    topic,
    key: null,
    value: Buffer.from('a batch, compressed in a way that nobody knows'),
    headers: { 'content-type': RECORD_BATCH },
    unreadable: {
      firstOffset: offset,
      reason: 'The batch cannot be read: it is compressed in a way that nobody knows.',
    },
  }),
  'a tombstone with a key of 8,000 characters': ({ topic }, random) => ({
    topic,
    value: null,
    headers: {},
    key: Array.from({ length: 8_000 }, () => random.below(36).toString(36)).join(''),
  }),
  'a time that no clock shows': ({ topic, key, value }) => ({
    topic,
    key,
    value,
    headers: {},
    timestampMs: Number.MAX_SAFE_INTEGER,
  }),
  'no key': ({ topic, value }) => ({ topic, key: null, value, headers: {} }),
  'a header of 64 KB': ({ topic, key, value }) => ({ topic, key, value, headers: { 'x-large': 'x'.repeat(65_536) } }),
};

/** The bytes, with the id in them in upper case. Their length stays. */
function upper(bytes: Buffer | null, id = bytes): Buffer | null {
  if (bytes === null || id === null) return bytes;
  const written = id.toString('latin1');
  return Buffer.from(bytes.toString('latin1').replaceAll(written, written.toUpperCase()), 'latin1');
}

/** The event as the next version of its schema writes it. Other bytes, and an event of that version, stay as they are. */
function withAnotherField(event: Buffer | null): Buffer | null {
  if (event === null || event.length <= ID_AT + 4 || event[0] !== 0) return event;
  const id = event.readUInt32BE(ID_AT);
  if (id >= UPGRADED_BY) return event;
  const written = Buffer.concat([event, ADDED_BYTES]);
  written.writeUInt32BE(UPGRADED_BY + id, ID_AT);
  return written;
}

/** The offset of the schema's id in an event, behind the magic byte. */
const ID_AT = 1;

const newId = (random: Random): string =>
  '########-####-4###-8###-############'.replace(/#/g, () => random.below(16).toString(16));

/** Names the producer of a foreign record for the invariants. Services do not read it. */
export const FOREIGN_HEADER = 'x-foreign';
/** The producer's name; undefined for a record of our services. */
export const foreignProducerOf = ({ headers }: Pick<KafkaRecord, 'headers'>): string | undefined =>
  headers[FOREIGN_HEADER];
export const isForeign = ({ headers }: Pick<KafkaRecord, 'headers'>): boolean => FOREIGN_HEADER in headers;

export const FOREIGN_PRODUCER_NAMES = Object.keys(FOREIGN_PRODUCERS);
