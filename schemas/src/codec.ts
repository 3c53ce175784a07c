import type { Resolver, Type } from 'avsc';
import { RegistryUnavailable, SchemaNotRegistered, type UndecodableCode, UndecodableMessage } from './errors.ts';
import type { AnyEventType, AvroSchema, DomainEvent, EventData } from './event-type.ts';
import { events as allEvents } from './generated/events.ts';
import { type RegistryOptions, registryClient } from './registry-client.ts';
import { strictType } from './strict-avro.ts';
import { unencodable } from './unencodable.ts';

const MAGIC = 0;
/** Magic byte and big-endian schema id. */
const HEADER_BYTES = 5;

export interface CodecOptions extends RegistryOptions {
  /** What can be read. Default: every event of the system. */
  readonly events?: readonly AnyEventType[];
}

export interface DecodedEvent {
  readonly type: AnyEventType;
  /** In the shape of this process's schema, whatever version it was written with. A plain object. */
  readonly data: EventData;
}

/**
 * Events to bytes and back, in the Confluent wire format: 0x00, schema id (4 bytes, big-endian), Avro. The registry is
 * asked in `prepare` and `learn` only, never per message. Both may be called again, also concurrently.
 */
export interface Codec {
  /**
   * Finds the schema ids of the events that will be written; call it before the first `encode`. Throws
   * SchemaNotRegistered, naming all that are missing, or RegistryUnavailable.
   */
  prepare(events: readonly AnyEventType[]): Promise<void>;
  /** Throws UnencodableEvent, naming the field, for data that the schema does not allow. */
  encode(event: DomainEvent): Buffer;
  /**
   * Fetches the schemas of these messages that are not known yet, each once, however many callers want it. Throws
   * RegistryUnavailable only: what is wrong with a single message is thrown by its `decode`.
   */
  learn(messages: Iterable<Buffer>): Promise<void>;
  /**
   * Throws UndecodableMessage for bytes that can never be decoded, and RegistryUnavailable for a schema that `learn` has
   * not fetched.
   */
  decode(message: Buffer): DecodedEvent;
}

interface Writer {
  readonly event: AnyEventType;
  readonly type: Type;
  readonly schemaId: number;
}

/** How messages of one schema id are read. */
interface Reader {
  readonly event: AnyEventType;
  readonly type: Type;
  /** From the writer's schema to ours; undefined when they are the same. */
  readonly resolver: Resolver | undefined;
}

interface Unreadable {
  readonly code: UndecodableCode;
  readonly reason: string;
}

export function createCodec({ events = allEvents, ...registry }: CodecOptions): Codec {
  const client = registryClient(registry);
  const eventsByFullName = new Map(events.map((event) => [event.fullName, event]));
  const types = new Map<AnyEventType, Type>();
  const writers = new Map<string, Writer>();
  const readers = new Map<number, Reader | Unreadable>();
  const fetching = new Map<number, Promise<void>>();
  let scratch = Buffer.allocUnsafeSlow(4_096);

  return { prepare, encode, learn, decode };

  async function prepare(wanted: readonly AnyEventType[]): Promise<void> {
    const found = await Promise.all(
      wanted.map(async (event) => ({ event, schemaId: await client.idOf(event.subject, event.schema) })),
    );
    const missing = found.filter(({ schemaId }) => schemaId === undefined);
    if (missing.length > 0) throw new SchemaNotRegistered(missing.map(({ event }) => event.subject));
    for (const { event, schemaId } of found) {
      if (schemaId !== undefined) writers.set(event.messageName, { event, type: typeOf(event), schemaId });
    }
  }

  function encode(event: DomainEvent): Buffer {
    const writer = writers.get(event.type);
    if (writer === undefined) throw new Error(`${event.type} cannot be written yet: pass it to prepare() first.`);
    const end = writeBody(writer, event.data);
    scratch[0] = MAGIC;
    scratch.writeUInt32BE(writer.schemaId, 1);
    return Buffer.from(scratch.subarray(0, end));
  }

  /** Writes behind the header's place in `scratch`, which grows to the largest event; answers where it ended. */
  function writeBody({ event, type }: Writer, data: EventData): number {
    try {
      const end = type.encode(data, scratch, HEADER_BYTES);
      if (end >= 0) return end;
      scratch = Buffer.allocUnsafeSlow(2 * (scratch.length - end));
      return type.encode(data, scratch, HEADER_BYTES);
    } catch (error) {
      throw unencodable(event, type, data) ?? error;
    }
  }

  async function learn(messages: Iterable<Buffer>): Promise<void> {
    const unknown = new Set<number>();
    for (const message of messages) {
      const id = schemaIdOf(message);
      if (id !== undefined && !isSettled(readers.get(id))) unknown.add(id);
    }
    if (unknown.size > 0) await Promise.all([...unknown].map(fetchOnce));
  }

  function fetchOnce(id: number): Promise<void> {
    const running = fetching.get(id);
    if (running !== undefined) return running;
    const started = client
      .schemaById(id)
      .then((schema) => void readers.set(id, schema === undefined ? neverHeardOf(id) : readerOf(id, schema)))
      .finally(() => fetching.delete(id));
    fetching.set(id, started);
    return started;
  }

  function decode(message: Buffer): DecodedEvent {
    const id = schemaIdOf(message);
    if (id === undefined) throw new UndecodableMessage('NOT_CONFLUENT_AVRO', notConfluent(message));
    const reader = readers.get(id);
    if (reader === undefined)
      throw new RegistryUnavailable(`Schema ${id} is not known yet: pass the message to learn().`);
    if ('code' in reader) throw new UndecodableMessage(reader.code, reader.reason);
    return { type: reader.event, data: readBody(message, id, reader) };
  }

  function readerOf(id: number, schema: string): Reader | Unreadable {
    const written = attempt(() => strictType(JSON.parse(schema) as AvroSchema));
    if ('failed' in written) {
      return { code: 'SCHEMA_UNUSABLE', reason: `Schema ${id} cannot be used: ${written.failed}.` };
    }
    const event = eventsByFullName.get(written.value.name ?? '');
    if (event === undefined) {
      const name = written.value.name ?? 'no record';
      return { code: 'EVENT_UNKNOWN', reason: `Schema ${id} is of ${name}, which is no event known here.` };
    }
    const type = typeOf(event);
    if (type.equals(written.value)) return { event, type, resolver: undefined };
    const resolver = attempt(() => type.createResolver(written.value));
    return 'failed' in resolver
      ? { code: 'SCHEMA_UNRESOLVABLE', reason: `Schema ${id} cannot be read as ${event.fullName}: ${resolver.failed}.` }
      : { event, type, resolver: resolver.value };
  }

  function typeOf(event: AnyEventType): Type {
    const known = types.get(event);
    if (known !== undefined) return known;
    const type = strictType(event.schema);
    types.set(event, type);
    return type;
  }
}

/** A schema never changes, so what was found out about it holds. One that was missing may be restored: ask again. */
const isSettled = (reader: Reader | Unreadable | undefined): boolean =>
  reader !== undefined && !('code' in reader && reader.code === 'SCHEMA_UNKNOWN');

const neverHeardOf = (id: number): Unreadable => ({
  code: 'SCHEMA_UNKNOWN',
  reason: `The schema registry has no schema ${id}. Was the message written for another registry?`,
});

const schemaIdOf = (message: Buffer): number | undefined =>
  message.length > HEADER_BYTES && message[0] === MAGIC ? message.readUInt32BE(1) : undefined;

function notConfluent(message: Buffer): string {
  if (message.length <= HEADER_BYTES) return `The message has ${message.length} bytes, too few for the wire format.`;
  return `The message begins with 0x${message.toString('hex', 0, 1)} instead of the magic byte 0x00.`;
}

function readBody(message: Buffer, id: number, { type, resolver, event }: Reader): EventData {
  const read = attempt(() => type.decode(message, HEADER_BYTES, resolver));
  if ('failed' in read) throw broken(id, event, read.failed);
  const { value, offset } = read.value;
  if (offset === message.length) return value;
  throw broken(id, event, offset < 0 ? 'it is truncated' : `${message.length - offset} bytes follow its end`);
}

const broken = (id: number, event: AnyEventType, reason: string): UndecodableMessage =>
  new UndecodableMessage('AVRO_BROKEN', `The message is no ${event.fullName} as schema ${id} describes it: ${reason}.`);

function attempt<T>(action: () => T): { readonly value: T } | { readonly failed: string } {
  try {
    return { value: action() };
  } catch (error) {
    return { failed: (error as Error).message };
  }
}
