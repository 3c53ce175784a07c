import { type EventReader, eventReader } from './event-reader.ts';
import type { AnyEventType } from './event-type.ts';
import { type EventWriter, eventWriter } from './event-writer.ts';
import { events as allEvents } from './generated/events.ts';
import { type RegistryClient, type RegistryOptions, registryClient } from './registry-client.ts';

export interface CodecOptions extends RegistryOptions {
  /** What can be read. Default: every event of the system. */
  readonly events?: readonly AnyEventType[];
}

/**
 * Events to bytes and back, in the Confluent wire format. The registry is asked in `prepare` and `learn` only, never
 * per message, so that `encode` and `decode` are synchronous and go on while it is away. `prepare` and `learn` may be
 * called again after a failure, and concurrently.
 */
export type Codec = EventWriter & EventReader;

export function createCodec({ events = allEvents, ...registry }: CodecOptions): Codec {
  return codecOver(registryClient(registry), events);
}

/** What a codec asks a registry for. */
export type SchemaSource = Pick<RegistryClient, 'idOf' | 'schemaById'>;

/** A codec on any registry: the simulation has one in memory. */
export function codecOver(registry: SchemaSource, events: readonly AnyEventType[] = allEvents): Codec {
  return { ...eventWriter(registry), ...eventReader(registry, events) };
}
