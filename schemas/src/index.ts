export { type Codec, type CodecOptions, codecOver, createCodec, type SchemaSource } from './codec.ts';
export {
  RegistryUnavailable,
  SchemaNotRegistered,
  type UndecodableCode,
  UndecodableMessage,
  UnencodableEvent,
} from './errors.ts';
export type { DecodedEvent, EventReader } from './event-reader.ts';
export type {
  AnyEventType,
  AvroSchema,
  DomainEvent,
  EventData,
  EventOf,
  EventType,
  Given,
  KeyedSchema,
} from './event-type.ts';
export { eventType } from './event-type.ts';
export type { EventWriter } from './event-writer.ts';
export * from './generated/events.ts';
export {
  IncompatibleSchemas,
  type Known,
  type RegisterOptions,
  type Registration,
  registerSchemas,
  registerWith,
} from './register.ts';
export { type RegistryClient, type RegistryOptions, registryClient } from './registry-client.ts';
