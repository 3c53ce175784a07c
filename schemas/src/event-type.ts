/** A JSON value as Avro's schema language writes it; parsed once, by the codec. */
export type AvroSchema = Readonly<Record<string, unknown>>;

/** One fact, as a rule says it. Its id, time and trace are added by the outbox, never by the rule. */
export interface DomainEvent<Name extends string = string, Data extends EventData = EventData> {
  readonly type: Name;
  readonly data: Data;
}

/** Every event belongs to one saga: the order id is the record key on every topic. */
export interface EventData {
  readonly orderId: string;
}

/**
 * What the generator makes of one `.avsc`: called with data it constructs the event, and its properties
 * say where the event lives on the wire (DESIGN.md section 3).
 */
export interface EventType<Name extends string = string, Data extends EventData = EventData> {
  (data: Data): DomainEvent<Name, Data>;
  readonly kind: 'event';
  /** The short name, unique in the whole system: `OrderCreated`. */
  readonly messageName: Name;
  /** The Avro full name and `ce_type` header: `troupe.order.OrderCreated`. */
  readonly fullName: string;
  /** The service that says it: `order`. Also the outbox's `aggregatetype`. */
  readonly owner: string;
  /** `order.events` */
  readonly topic: string;
  /** TopicRecordNameStrategy: `order.events-troupe.order.OrderCreated` */
  readonly subject: string;
  readonly schema: AvroSchema;
}

/** Any event type, for tables that hold many. */
// biome-ignore lint/suspicious/noExplicitAny: the data of unrelated events has no common supertype a constructor accepts
export type AnyEventType = EventType<string, any>;

/** The event that a constructor makes: `EventOf<typeof OrderCreated>`. */
export type EventOf<T> = T extends EventType<infer Name, infer Data> ? DomainEvent<Name, Data> : never;

/** Makes an event type; called by generated code only. */
export function eventType<Name extends string, Data extends EventData>(
  messageName: Name,
  owner: string,
  schema: AvroSchema,
): EventType<Name, Data> {
  const fullName = `troupe.${owner}.${messageName}`;
  const topic = `${owner}.events`;
  const construct = (data: Data): DomainEvent<Name, Data> => ({ type: messageName, data });
  return Object.assign(construct, {
    kind: 'event' as const,
    messageName,
    fullName,
    owner,
    topic,
    subject: `${topic}-${fullName}`,
    schema,
  });
}
