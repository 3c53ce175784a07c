import type { History } from './history.ts';
import { type Break, breaksOf, type Reader, type Writer, writerOf } from './reading.ts';
import { type ReadBy, sentenceOf } from './sentences.ts';
import { type SchemaVersion, versionsOf } from './version.ts';

/** A break, and everybody whom it concerns. */
export interface Refusal extends Break {
  readonly event: string;
  /** `version 1`, `version 3 of the registry` */
  readonly writers: readonly string[];
  readonly readers: readonly ReadBy[];
  /** For people: who cannot read what of whom, and what to do. */
  readonly sentence: string;
}

/**
 * Every reader that cannot take what some writer writes, or would take it for something else. Empty: each record that was
 * written with one of these schemas can be decoded by each of these readers. Not looked at: a list of what takes no bytes,
 * which is never decoded; the generator takes no record without fields.
 */
export function refusalsOf(writers: readonly Writer[], readers: readonly Reader[]): readonly Refusal[] {
  const groups = new Map<string, [Pair, ...Pair[]]>();
  for (const pair of pairsOf(writers, readers)) {
    const alike = JSON.stringify([pair.reader.event, isOlder(pair), pair.what]);
    const group = groups.get(alike);
    if (group === undefined) groups.set(alike, [pair]);
    else group.push(pair);
  }
  return [...groups.values()].map((pairs) => {
    const [first] = pairs;
    const { event } = first.reader;
    const told = { event, writers: [...new Set(pairs.map(({ writer }) => writer.called))], readers: readByOf(pairs) };
    return { ...first.what, ...told, sentence: sentenceOf({ ...told, what: first.what, older: isOlder(first) }) };
  });
}

interface Pair {
  readonly writer: Writer;
  readonly reader: Reader;
  readonly what: Break;
}

const pairsOf = (writers: readonly Writer[], readers: readonly Reader[]): Pair[] =>
  readers.flatMap((reader) =>
    writers
      .filter(({ event }) => event === reader.event)
      .flatMap((writer) => breaksOf(writer, reader).map((what) => ({ writer, reader, what }))),
  );

function readByOf(pairs: readonly Pair[]): ReadBy[] {
  const services = [...new Set(pairs.map(({ reader }) => reader.service))];
  return services.map((service) => {
    const own = pairs.filter(({ reader }) => reader.service === service);
    return { service, versions: [...new Set(own.map(({ reader }) => reader.version))] };
  });
}

/** It was written before the reader's version: records of it may still be in the topics. */
const isOlder = ({ writer, reader }: Pair): boolean => writer.version !== undefined && writer.version < reader.version;

/** The refusals within a history: each version that was ever released, for each service that may run. */
export const refusalsIn = (history: History): readonly Refusal[] =>
  refusalsOf(history.versions.map(writerOf), readersIn(history));

/** Who shows all events, and reacts to none. */
export const WATCH = 'watch';

/**
 * Each service with each version that an instance of it may read with, and `npm run watch`, which shows all events as the
 * latest version has them. A service reads whole events: its codec has the generated types.
 */
export function readersIn({ versions, reads }: History): readonly Reader[] {
  const services = Object.entries(reads).flatMap(([service, events]) =>
    Object.entries(events).flatMap(([event, numbers]) =>
      versionsOf(versions, event)
        .filter(({ version }) => numbers.includes(version))
        .map((version) => ({ ...version, service })),
    ),
  );
  return [...services, ...latestOf(versions).map((version) => ({ ...version, service: WATCH }))];
}

const latestOf = (versions: readonly SchemaVersion[]): SchemaVersion[] =>
  [...new Set(versions.map(({ event }) => event))].flatMap((event) => versionsOf(versions, event).slice(-1));
