import type { KafkaRecord } from '../kafka/record.ts';
import type { AnyMessageType } from '../rules/messages.ts';
import type { Incoming } from './incoming.ts';
import { type RecordReaderParts, recordReader } from './record-reader.ts';

interface IntakeParts extends RecordReaderParts {
  readonly table: { readonly reactions: readonly { readonly hears: AnyMessageType }[] };
}

/**
 * Turns records into messages, in order. Records of types that the service does not hear are left out without being
 * decoded. One that can never be decoded becomes `poison`; while the registry is away, everything waits.
 */
export function intake({ table, ...parts }: IntakeParts) {
  const heard = new Set(table.reactions.flatMap(({ hears }) => (hears.kind === 'event' ? [hears.fullName] : [])));
  const read = recordReader(parts);
  return (records: readonly KafkaRecord[]): Promise<readonly Incoming[]> =>
    read(records.filter(({ headers }) => headers.ce_type === undefined || heard.has(headers.ce_type)));
}
