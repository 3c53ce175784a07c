import type { KafkaRecord } from '@troupe/chassis';
import { type OutgoingRecord, RECORD_BATCH } from '@troupe/chassis/simulation';
import type { Random } from './random.ts';

/** Writes a record that none of our services would write, modelled on one that is on the topic: same key, or nearly. */
export type Stranger = (like: KafkaRecord, random: Random) => StrangeRecord;

/** Where `unreadable` is, the broker gives it out as what the reader of a real one makes of a batch that it cannot read. */
export type StrangeRecord = OutgoingRecord & Pick<KafkaRecord, 'unreadable'>;

/**
 * Producers that are not ours, by what is odd about their records. A run notes each as `stranger wrote: <name>`; all of
 * these names stand in the table of races that many seeds must have met.
 */
export const STRANGERS: Readonly<Record<string, Stranger>> = {
  'bytes that are not Avro': ({ topic, key }) => ({ topic, key, value: Buffer.from('not Avro'), headers: {} }),
  'a batch that cannot be read': ({ topic, offset }) => ({
    ...{ topic, key: null, value: Buffer.from('a batch, compressed in a way that nobody knows') },
    headers: { 'content-type': RECORD_BATCH },
    unreadable: {
      firstOffset: offset,
      reason: 'The batch cannot be read: it is compressed in a way that nobody knows.',
    },
  }),
};

export const STRANGER_NAMES = Object.keys(STRANGERS);
