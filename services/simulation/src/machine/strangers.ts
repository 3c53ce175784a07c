import type { KafkaRecord } from '@troupe/chassis';
import { type OutgoingRecord, RECORD_BATCH } from '@troupe/chassis/internal';
import { ADDED_BYTES, UPGRADED_BY } from './process/registry.ts';
import type { Random } from './random.ts';

/**
 * A record with the time that its producer has given it; without one the broker's. Where `unreadable` is, the broker gives it
 * out as what the reader of a real one makes of a batch that it cannot read.
 */
export type ForeignRecord = OutgoingRecord & Partial<Pick<KafkaRecord, 'timestampMs' | 'unreadable'>>;

/** Writes a record that none of our services would write, modelled on one that is on the topic: same key, or nearly. */
export type Stranger = (like: KafkaRecord, random: Random) => ForeignRecord;

/** What this one writes is read like our own. */
export const AHEAD = 'an event again, by a producer who is ahead of us';

/**
 * Producers that are not ours, by what is odd about their records. A run notes each as `stranger wrote: <name>`; all of
 * these names stand in the table of races that many seeds must have met.
 */
export const STRANGERS: Readonly<Record<string, Stranger>> = {
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
  [AHEAD]: ({ topic, key, value, headers }, random) => {
    return { topic, key, value: withAnotherField(value), headers: { ...headers, ce_id: newId(random) } };
  },
  'bytes that are not Avro': ({ topic, key }) => ({ topic, key, value: Buffer.from('not Avro'), headers: {} }),
  'a batch that cannot be read': ({ topic, offset }) => ({
    ...{ topic, key: null, value: Buffer.from('a batch, compressed in a way that nobody knows') },
    headers: { 'content-type': RECORD_BATCH },
    unreadable: {
      firstOffset: offset,
      reason: 'The batch cannot be read: it is compressed in a way that nobody knows.',
    },
  }),
  'a tombstone with a key of 8,000 characters': ({ topic }, random) => ({
    ...{ topic, value: null, headers: {} },
    key: Array.from({ length: 8_000 }, () => random.below(36).toString(36)).join(''),
  }),
  'a time that no clock shows': ({ topic, key, value }) => ({
    ...{ topic, key, value, headers: {} },
    timestampMs: Number.MAX_SAFE_INTEGER,
  }),
  'no key': ({ topic, value }) => ({ topic, key: null, value, headers: {} }),
  'a header of 64 KB': ({ topic, key, value }) => ({ topic, key, value, headers: { 'x-large': 'x'.repeat(65_536) } }),
};

/** Bytes with an id in them that is then in upper case; all of them by default. Their length stays. */
function upper(bytes: Buffer | null, id = bytes): Buffer | null {
  if (bytes === null || id === null) return bytes;
  const written = id.toString('latin1');
  return Buffer.from(bytes.toString('latin1').replaceAll(written, written.toUpperCase()), 'latin1');
}

/** As the producer of the next version of its schema writes an event. What is none, or has it already, stays as it is. */
function withAnotherField(event: Buffer | null): Buffer | null {
  if (event === null || event.length <= ID_AT + 4 || event[0] !== 0) return event;
  const id = event.readUInt32BE(ID_AT);
  if (id >= UPGRADED_BY) return event;
  const written = Buffer.concat([event, ADDED_BYTES]);
  written.writeUInt32BE(UPGRADED_BY + id, ID_AT);
  return written;
}

/** Where the id of its schema stands in an event, behind the magic byte. */
const ID_AT = 1;

const newId = (random: Random): string =>
  '########-####-4###-8###-############'.replace(/#/g, () => random.below(16).toString(16));

/** Tells who wrote a record, to those who judge a run. Services do not look at it. */
export const STRANGER_HEADER = 'x-stranger';
/** By its name in the table; undefined for what is ours. */
export const strangerOf = ({ headers }: Pick<KafkaRecord, 'headers'>): string | undefined => headers[STRANGER_HEADER];
export const isStrange = ({ headers }: Pick<KafkaRecord, 'headers'>): boolean => STRANGER_HEADER in headers;

export const STRANGER_NAMES = Object.keys(STRANGERS);
