import type { KafkaRecord } from '@troupe/chassis';
import type { OutgoingRecord } from '@troupe/chassis/simulation';
import type { Random } from './random.ts';

/** Writes a record that none of our services would write, modelled on one that is on the topic: same key, or nearly. */
export type Stranger = (like: KafkaRecord, random: Random) => OutgoingRecord;

/**
 * Producers that are not ours, by what is odd about their records. A run notes each as `stranger wrote: <name>`; all of
 * these names stand in the table of races that many seeds must have met.
 */
export const STRANGERS: Readonly<Record<string, Stranger>> = {
  'bytes that are not Avro': ({ topic, key }) => ({ topic, key, value: Buffer.from('not Avro'), headers: {} }),
};

export const STRANGER_NAMES = Object.keys(STRANGERS);
