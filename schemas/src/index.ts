export type { AnyEventType, AvroSchema, DomainEvent, EventData, EventOf, EventType } from './event-type.ts';
export { eventType } from './event-type.ts';
export * from './generated/events.ts';
