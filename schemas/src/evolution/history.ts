import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KeyedSchema } from '../event-type.ts';
import { fingerprintOf, ownerOf, type SchemaVersion, shortNameOf } from './version.ts';

/** The versions with which running instances of each service may read, by service and full name of the event. */
export type ReadVersions = Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;

/** A line of released.lock. */
export interface ReleasedLine {
  readonly event: string;
  readonly version: number;
  readonly fingerprint: string;
}

/** What schemas/history holds. Nothing in it is checked yet. */
export interface History {
  readonly versions: readonly SchemaVersion[];
  readonly lock: readonly ReleasedLine[];
  readonly reads: ReadVersions;
}

/** Of this repository. */
export const historyFolder = fileURLToPath(new URL('../../history/', import.meta.url));

const LOCK = 'released.lock';
const READERS = 'readers.json';
const VERSION_FILE = /^(\w+)\.v(\d+)\.avsc$/;
const LOCK_HEAD = `# Each released version of each event, and the SHA-256 of its key and its registered schema.
# \`npm run schemas -- --lock\` adds lines. None is ever changed or removed.
`;

/** @throws Error when it is not there, or a file cannot be read as what it has to be: nothing is checked without it. */
export function readHistory(folder = historyFolder): History {
  if (!existsSync(folder))
    throw new Error(`${folder} is missing. Deploy schemas/history with the schemas, or restore it.`);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return {
    versions: files.flatMap((file) => versionIn(folder, file)),
    lock: linesOf(textOf(path.join(folder, LOCK)) ?? ''),
    reads: JSON.parse(textOf(path.join(folder, READERS)) ?? '{}') as ReadVersions,
  };
}

/** Writes what is new. A version's file that is there is left as it is. */
export function writeHistory({ versions, lock, reads }: History, folder = historyFolder): void {
  for (const version of versions) {
    const file = path.join(folder, fileOf(version));
    if (existsSync(file)) continue;
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify({ key: version.key, ...version.schema }, null, 2)}\n`);
  }
  writeFileSync(path.join(folder, LOCK), LOCK_HEAD + lock.map(lineOf).join(''));
  writeFileSync(path.join(folder, READERS), readersText(reads));
}

/** `payment/PaymentFailed.v2.avsc` */
export const fileOf = ({ event, version }: Pick<SchemaVersion, 'event' | 'version'>): string =>
  `${ownerOf(event)}/${shortNameOf(event)}.v${version}.avsc`;

export const lockLineOf = (version: SchemaVersion): ReleasedLine => ({
  event: version.event,
  version: version.version,
  fingerprint: fingerprintOf(version),
});

function versionIn(folder: string, file: string): SchemaVersion[] {
  const [, name = '', number = ''] = VERSION_FILE.exec(path.basename(file)) ?? [];
  if (name === '') return [];
  const { key, ...schema } = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as KeyedSchema;
  return [{ event: `troupe.${path.dirname(file)}.${name}`, version: Number(number), key, schema }];
}

const lineOf = ({ event, version, fingerprint }: ReleasedLine): string => `${event} ${version} ${fingerprint}\n`;

function linesOf(text: string): ReleasedLine[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const [event = '', version = '', fingerprint = ''] = line.split(' ');
    return { event, version: Number(version), fingerprint };
  });
}

/** An event a line, so that a diff shows who has moved. */
function readersText(reads: ReadVersions): string {
  const services = Object.entries(reads).map(([service, events]) => {
    const lines = Object.entries(events).map(([event, versions]) => `    "${event}": [${versions.join(', ')}]`);
    return `  "${service}": {\n${lines.join(',\n')}\n  }`;
  });
  return `{\n${services.join(',\n')}\n}\n`;
}

const textOf = (file: string): string | undefined => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);
