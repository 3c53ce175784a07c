/** A JSON value as Avro's schema language writes it; parsed once, by the codec. */
export type AvroSchema = Readonly<Record<string, unknown>>;

/** One fact, as a rule says it. Its id, time and trace are added by the outbox, never by the rule. */
export interface DomainEvent<Name extends string = string, Data extends EventData = EventData> {
  readonly type: Name;
  readonly data: Data;
}

/** The fields of an event, as its schema has them. */
export type EventData = object;

/** The data of an event as its constructor takes it: a field that has a default may be left out. */
export type Given<Data, Defaulted extends keyof Data> = Omit<Data, Defaulted> & Partial<Pick<Data, Defaulted>>;

/**
 * What the generator makes of one `.avsc`. Called with data it constructs the event, with the schema's defaults for the
 * fields that were left out. Its properties say where the event lives on the wire (its topic and its headers).
 */
export interface EventType<Name extends string = string, Data extends EventData = EventData, Giving = Data> {
  (data: Giving): DomainEvent<Name, Data>;
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
  /** Without the project's declarations: as it is registered. */
  readonly schema: AvroSchema;
  /** The field that is the record key, and names the saga that the event belongs to: `orderId`. */
  readonly key: string;
  /** The value of that field. */
  keyOf(data: Data): string;
  /** Why nobody has to hear it. Absent: some service hears it. */
  readonly terminal?: string;
  /** The event of the same owner that says that this effect is undone. Absent: it is no effect that would have to be. */
  readonly undoneBy?: string;
  /** How the saga ends with it. Absent: it does not end with it. */
  readonly ends?: 'success' | 'failure';
}

/** Any event type, for tables that hold many. */
// biome-ignore lint/suspicious/noExplicitAny: the data of unrelated events has no common supertype a constructor accepts
export type AnyEventType = EventType<string, any, any>;

/** The event that a constructor makes: `EventOf<typeof OrderCreated>`. */
export type EventOf<T> = T extends EventType<infer Name, infer Data, never> ? DomainEvent<Name, Data> : never;

/**
 * A schema as its file has it: with declarations of this project, which are not Avro's. They are taken out before the schema
 * is registered, so that a registry finds the same text as before they were declared.
 */
export interface KeyedSchema extends AvroSchema, Pick<EventType, 'key' | 'terminal' | 'undoneBy' | 'ends'> {}

/** Makes an event type; called by generated code only. */
export function eventType<Name extends string, Data extends EventData, Giving = Data>(
  messageName: Name,
  owner: string,
  { key, terminal, undoneBy, ends, ...schema }: KeyedSchema,
): EventType<Name, Data, Giving> {
  const fullName = `troupe.${owner}.${messageName}`;
  const topic = `${owner}.events`;
  const defaults = defaultsOf(schema);
  const construct = (data: Giving): DomainEvent<Name, Data> => {
    return { type: messageName, data: { ...defaults, ...data } as unknown as Data };
  };
  return Object.assign(construct, {
    kind: 'event' as const,
    messageName,
    fullName,
    owner,
    topic,
    subject: `${topic}-${fullName}`,
    schema,
    key,
    keyOf: (data: Data) => (data as Readonly<Record<string, string>>)[key] as string,
    ...(terminal !== undefined && { terminal }),
    ...(undoneBy !== undefined && { undoneBy }),
    ...(ends !== undefined && { ends }),
  });
}

/** Shared by all events of a type, as event data is never changed. */
function defaultsOf({ fields = [] }: AvroSchema): Readonly<Record<string, unknown>> {
  const all = fields as readonly { readonly name: string; readonly default?: unknown }[];
  return Object.fromEntries(all.flatMap((field) => ('default' in field ? [[field.name, field.default]] : [])));
}
