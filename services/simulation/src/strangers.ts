import type { KafkaRecord } from '@troupe/chassis';
import type { OutgoingRecord } from '@troupe/chassis/simulation';
import type { Random } from './random.ts';

/** A record with the time that its producer has given it; without one the broker's. */
export type ForeignRecord = OutgoingRecord & { readonly timestampMs?: number };

/** Writes a record that none of our services would write, modelled on one that is on the topic: same key, or nearly. */
export type Stranger = (like: KafkaRecord, random: Random) => ForeignRecord;

/**
 * Producers that are not ours, by what is odd about their records. A run notes each as `stranger wrote: <name>`; all of
 * these names stand in the table of races that many seeds must have met.
 */
export const STRANGERS: Readonly<Record<string, Stranger>> = {
  'bytes that are not Avro': ({ topic, key }) => ({ topic, key, value: Buffer.from('not Avro'), headers: {} }),
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

export const STRANGER_NAMES = Object.keys(STRANGERS);
