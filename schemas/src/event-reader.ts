import type { Resolver, Type } from 'avsc';
import { RegistryUnavailable, type UndecodableCode, UndecodableMessage } from './errors.ts';
import type { AnyEventType, EventData } from './event-type.ts';
import type { RegistryClient } from './registry-client.ts';
import { avroTypeOf } from './strict-avro.ts';
import { HEADER_BYTES, schemaIdOf, whyNotConfluent } from './wire-format.ts';
import { resolverOf, writtenSchema } from './written-schema.ts';

export interface DecodedEvent {
  readonly type: AnyEventType;
  /** In the shape of this process's schema, whatever version it was written with. A plain object. */
  readonly data: EventData;
}

/** The reading half of the codec. */
export interface EventReader {
  /**
   * Fetches the schemas of these messages that are not known yet, each once, however many callers want it. Throws
   * RegistryUnavailable only: what is wrong with a single message is thrown by its `decode`.
   */
  learn(messages: Iterable<Buffer>): Promise<void>;
  /**
   * Throws UndecodableMessage for bytes that can never be decoded, and RegistryUnavailable for a schema that `learn`
   * has not fetched.
   */
  decode(message: Buffer): DecodedEvent;
}

/** How messages of one schema id are read. */
interface Readable {
  readonly event: AnyEventType;
  readonly type: Type;
  /** From the writer's schema to ours; undefined when they are the same. */
  readonly resolver: Resolver | undefined;
}

interface Unreadable {
  readonly code: UndecodableCode;
  readonly reason: string;
}

type EventsByFullName = ReadonlyMap<string, AnyEventType>;

export function eventReader(
  registry: Pick<RegistryClient, 'schemaById'>,
  events: readonly AnyEventType[],
): EventReader {
  const eventsByFullName: EventsByFullName = new Map(events.map((event) => [event.fullName, event]));
  const known = new Map<number, Readable | Unreadable>();
  const fetching = new Map<number, Promise<void>>();

  return {
    async learn(messages) {
      const unknown = new Set<number>();
      for (const message of messages) {
        const id = schemaIdOf(message);
        if (id !== undefined && !isSettled(known.get(id))) unknown.add(id);
      }
      if (unknown.size > 0) await Promise.all([...unknown].map(fetchOnce));
    },

    decode(message) {
      const id = schemaIdOf(message);
      if (id === undefined) throw new UndecodableMessage('NOT_CONFLUENT_AVRO', whyNotConfluent(message));
      const found = known.get(id);
      if (found === undefined)
        throw new RegistryUnavailable(`Schema ${id} is not known yet: learn() the message first.`);
      if ('code' in found) throw new UndecodableMessage(found.code, found.reason);
      return { type: found.event, data: readBody(message, id, found) };
    },
  };

  function fetchOnce(id: number): Promise<void> {
    const running = fetching.get(id);
    if (running !== undefined) return running;
    const started = registry
      .schemaById(id)
      .then(
        (schema) =>
          void known.set(id, schema === undefined ? neverHeardOf(id) : howToRead(id, schema, eventsByFullName)),
      )
      .finally(() => fetching.delete(id));
    fetching.set(id, started);
    return started;
  }
}

/** A schema never changes, so what was found out about it holds. One that was missing may be restored: ask again. */
const isSettled = (found: Readable | Unreadable | undefined): boolean =>
  found !== undefined && !('code' in found && found.code === 'SCHEMA_UNKNOWN');

const neverHeardOf = (id: number): Unreadable => ({
  code: 'SCHEMA_UNKNOWN',
  reason: `The schema registry has no schema ${id}. Was the message written for another registry?`,
});

function howToRead(id: number, schema: string, events: EventsByFullName): Readable | Unreadable {
  const written = attempt(() => writtenSchema(schema));
  if ('failed' in written) return unusable(id, written.failed);
  const { name, typeFor } = written.value;
  const event = events.get(name ?? '');
  if (event === undefined) {
    return {
      code: 'EVENT_UNKNOWN',
      reason: `Schema ${id} is of ${name ?? 'no record'}, which is no event known here.`,
    };
  }
  const writer = attempt(() => typeFor(event.schema));
  if ('failed' in writer) return unusable(id, writer.failed);
  const type = avroTypeOf(event);
  const resolver = attempt(() => resolverOf(type, writer.value));
  return 'failed' in resolver
    ? { code: 'SCHEMA_UNRESOLVABLE', reason: `Schema ${id} cannot be read as ${event.fullName}: ${resolver.failed}.` }
    : { event, type, resolver: resolver.value };
}

const unusable = (id: number, why: string): Unreadable => ({
  code: 'SCHEMA_UNUSABLE',
  reason: `Schema ${id} cannot be used: ${why}.`,
});

function readBody(message: Buffer, id: number, { type, resolver, event }: Readable): EventData {
  const read = attempt(() => type.decode(message, HEADER_BYTES, resolver));
  if ('failed' in read) throw broken(id, event, read.failed);
  const { value, offset } = read.value;
  if (offset === message.length) return value;
  if (offset < 0) throw broken(id, event, 'it is truncated');
  throw broken(id, event, `${message.length - offset} bytes follow its end`, offset);
}

const broken = (id: number, event: AnyEventType, reason: string, at?: number): UndecodableMessage =>
  new UndecodableMessage(
    'AVRO_BROKEN',
    `The message is no ${event.fullName} as schema ${id} describes it: ${reason}.`,
    at === undefined ? {} : { at },
  );

function attempt<T>(action: () => T): { readonly value: T } | { readonly failed: string } {
  try {
    return { value: action() };
  } catch (error) {
    return { failed: (error as Error).message };
  }
}
