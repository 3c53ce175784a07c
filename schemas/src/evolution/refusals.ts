import type { History } from './history.ts';
import { type Break, breaksOf, type Reader, type Writer, writerOf } from './reading.ts';
import { type SchemaVersion, versionsOf } from './version.ts';
import { sentenceOf } from './sentences.ts';

/** A break of one reader, and all writers that cause it. */
export interface Refusal extends Break {
  readonly event: string;
  readonly service: string;
  /** With which the service reads. */
  readonly version: number;
  /** `version 1, version 2` */
  readonly writers: readonly string[];
  /** For people: who cannot read what of whom, and what to do. */
  readonly sentence: string;
}

/**
 * Every reader that cannot take what some writer writes, or would take it for something else. Empty: each record that was
 * written with one of these schemas can be decoded by each of these readers.
 */
export function refusalsOf(writers: readonly Writer[], readers: readonly Reader[]): readonly Refusal[] {
  const found = new Map<string, { reader: Reader; what: Break; writers: Writer[] }>();
  for (const reader of readers) {
    for (const writer of writers.filter(({ event }) => event === reader.event)) {
      for (const what of breaksOf(writer, reader)) {
        const isNewer = isNewerThan(writer, reader);
        const key = JSON.stringify([reader.event, reader.service, reader.version, isNewer, what]);
        const known = found.get(key) ?? { reader, what, writers: [] };
        found.set(key, { ...known, writers: [...known.writers, writer] });
      }
    }
  }
  return [...found.values()].map(({ reader, what, writers: causing }) => ({
    ...what,
    event: reader.event,
    service: reader.service,
    version: reader.version,
    writers: causing.map(({ called }) => called),
    sentence: sentenceOf(what, causing, reader),
  }));
}

/** The refusals within a history: each version that was ever released, for each service that may run. */
export const refusalsIn = (history: History): readonly Refusal[] =>
  refusalsOf(history.versions.map(writerOf), readersIn(history));

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
  return [...services, ...latestOf(versions).map((version) => ({ ...version, service: 'watch' }))];
}

const latestOf = (versions: readonly SchemaVersion[]): SchemaVersion[] =>
  [...new Set(versions.map(({ event }) => event))].flatMap((event) => versionsOf(versions, event).slice(-1));

const isNewerThan = (writer: Writer, reader: Reader): boolean =>
  writer.version === undefined || writer.version > reader.version;
