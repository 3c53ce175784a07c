export { type Codec, type CodecOptions, createCodec, type DecodedEvent } from './codec.ts';
export {
  RegistryUnavailable,
  SchemaNotRegistered,
  type UndecodableCode,
  UndecodableMessage,
  UnencodableEvent,
} from './errors.ts';
export type { AnyEventType, AvroSchema, DomainEvent, EventData, EventOf, EventType } from './event-type.ts';
export { eventType } from './event-type.ts';
export * from './generated/events.ts';
export { IncompatibleSchemas, type RegisterOptions, type Registration, registerSchemas } from './register.ts';
