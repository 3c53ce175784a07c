import type { Type } from 'avsc';
import { SchemaNotRegistered } from './errors.ts';
import type { AnyEventType, DomainEvent, EventData } from './event-type.ts';
import type { RegistryClient } from './registry-client.ts';
import { avroTypeOf } from './strict-avro.ts';
import { unencodable } from './unencodable.ts';
import { HEADER_BYTES, writeHeader } from './wire-format.ts';

/** The writing half of the codec. */
export interface EventWriter {
  /**
   * Finds the schema ids of the events that will be written; call it before the first `encode`. Throws
   * SchemaNotRegistered, naming all that are missing, or RegistryUnavailable.
   */
  prepare(events: readonly AnyEventType[]): Promise<void>;
  /** Throws UnencodableEvent, naming the field, for data that the schema does not allow. */
  encode(event: DomainEvent): Buffer;
}

interface Prepared {
  readonly event: AnyEventType;
  readonly type: Type;
  readonly schemaId: number;
}

export function eventWriter(registry: Pick<RegistryClient, 'idOf'>): EventWriter {
  const prepared = new Map<string, Prepared>();
  let scratch = Buffer.allocUnsafeSlow(4_096);

  return {
    async prepare(events) {
      const found = await Promise.all(
        events.map(async (event) => ({ event, schemaId: await registry.idOf(event.subject, event.schema) })),
      );
      const missing = found.filter(({ schemaId }) => schemaId === undefined);
      if (missing.length > 0) throw new SchemaNotRegistered(missing.map(({ event }) => event.subject));
      for (const { event, schemaId } of found) {
        if (schemaId !== undefined) prepared.set(event.messageName, { event, type: avroTypeOf(event), schemaId });
      }
    },

    encode({ type, data }) {
      const known = prepared.get(type);
      if (known === undefined) throw new Error(`${type} cannot be written yet: pass it to prepare() first.`);
      const end = writeBody(known, data);
      writeHeader(scratch, known.schemaId);
      return Buffer.from(scratch.subarray(0, end));
    },
  };

  /** Writes behind the header's place in `scratch`, which grows to the largest event; answers where it ended. */
  function writeBody({ event, type }: Prepared, data: EventData): number {
    try {
      const end = type.encode(data, scratch, HEADER_BYTES);
      if (end >= 0) return end;
      scratch = Buffer.allocUnsafeSlow(2 * (scratch.length - end));
      return type.encode(data, scratch, HEADER_BYTES);
    } catch (error) {
      throw unencodable(event, type, data) ?? error;
    }
  }
}
