import type { AvroSchema } from '../../src/event-type.ts';
import { type Reader, writerOf } from '../../src/evolution/reading.ts';
import { type Refusal, refusalsOf } from '../../src/evolution/refusals.ts';
import type { SchemaVersion } from '../../src/evolution/version.ts';

export const EVENT = 'troupe.box.BoxPacked';

/** Of an event with these fields beside its key. */
export const schemaWith = (...fields: readonly object[]): AvroSchema => ({
  type: 'record',
  name: 'BoxPacked',
  namespace: 'troupe.box',
  fields: [{ name: 'orderId', type: 'string' }, ...fields],
});

export const versionWith = (version: number, ...fields: readonly object[]): SchemaVersion => ({
  event: EVENT,
  version,
  key: 'orderId',
  schema: schemaWith(...fields),
});

export const readBy = (service: string, version: SchemaVersion): Reader => ({ ...version, service });

/** What speaks against these versions, when the store runs with all of them. */
export const refusedInStore = (...versions: readonly SchemaVersion[]): readonly Refusal[] =>
  refusalsOf(
    versions.map(writerOf),
    versions.map((version) => readBy('store', version)),
  );

export const sentences = (refusals: readonly Refusal[]): string[] =>
  refusals.map(({ code, sentence }) => `${code}: ${sentence}`);
