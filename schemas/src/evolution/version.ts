import { createHash } from 'node:crypto';
import type { AnyEventType, AvroSchema } from '../event-type.ts';

/** A version of an event, as it was released. */
export interface SchemaVersion {
  /** The full name: `troupe.payment.PaymentFailed`. */
  readonly event: string;
  /** From 1 on, without a gap. */
  readonly version: number;
  /** The field that is the record key. No registry knows it. */
  readonly key: string;
  /** As it is registered. */
  readonly schema: AvroSchema;
}

/** Of the key and the registered text: what must never change once it is released. */
export function fingerprintOf({ key, schema }: Pick<SchemaVersion, 'key' | 'schema'>): string {
  return createHash('sha256')
    .update(JSON.stringify([key, schema]))
    .digest('hex');
}

/** What is to be released, before it has a number. */
export const currentOf = ({ fullName, key, schema }: AnyEventType): Omit<SchemaVersion, 'version'> => ({
  event: fullName,
  key,
  schema,
});

/** `PaymentFailed` of `troupe.payment.PaymentFailed`. */
export const shortNameOf = (event: string): string => event.slice(event.lastIndexOf('.') + 1);

/** `payment` of `troupe.payment.PaymentFailed`. */
export const ownerOf = (event: string): string => event.split('.').at(-2) ?? event;

/** The versions of one event, oldest first. */
export const versionsOf = (versions: readonly SchemaVersion[], event: string): readonly SchemaVersion[] =>
  versions.filter((one) => one.event === event).sort((one, other) => one.version - other.version);
