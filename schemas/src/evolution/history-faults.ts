import { fileOf, type History } from './history.ts';
import type { Locking } from './lock.ts';
import { currentOf, fingerprintOf, type SchemaVersion, shortNameOf, versionsOf } from './version.ts';

/** The remedy where something new is not in it yet. */
const LOCK_IT = 'Run `npm run schemas -- --lock`';

/**
 * What is wrong with the history, a sentence each: a released version that was removed or edited, a schema or a service's
 * hearing that is not in it. Whoever edits a version and its line of released.lock at once is seen in a diff only.
 */
export function historyFaults(history: History, { events, hearers }: Locking): string[] {
  return [
    ...history.lock.flatMap((line) => {
      const { event, version, fingerprint } = line;
      const released = history.versions.find((one) => one.event === event && one.version === version);
      const file = `schemas/history/${fileOf(line)}`;
      if (released === undefined)
        return [`${file} was removed, and version ${version} was released. Restore the file.`];
      if (fingerprintOf(released) === fingerprint) return [];
      return [`${file} was edited after its release. Restore it, and change schemas/avro instead.`];
    }),
    ...history.versions.flatMap((version) => missingLine(history, version)),
    ...events.flatMap((event) => {
      const latest = versionsOf(history.versions, event.fullName).at(-1);
      if (latest !== undefined && fingerprintOf(latest) === fingerprintOf(currentOf(event))) return [];
      const what = latest === undefined ? 'is new' : `differs from version ${latest.version}`;
      return [`The schema of ${event.messageName} ${what} and is not in schemas/history. ${LOCK_IT}, and commit.`];
    }),
    ...[...hearers].flatMap(([service, heard]) => heard.flatMap((event) => notRead(history, service, event))),
    ...Object.entries(history.reads).flatMap(([service, read]) =>
      Object.keys(read)
        .filter((event) => !hearers.get(service)?.includes(event))
        .map(
          (event) =>
            `readers.json says that ${service} reads ${shortNameOf(event)}, which it does not hear. ${LOCK_IT}.`,
        ),
    ),
  ];
}

function missingLine({ lock, versions }: History, { event, version }: SchemaVersion): string[] {
  const known = lock.some((line) => line.event === event && line.version === version);
  const gap = version > 1 && !versions.some((one) => one.event === event && one.version === version - 1);
  const file = fileOf({ event, version });
  return [
    ...(known ? [] : [`released.lock has no line for ${file}. Restore the line.`]),
    ...(gap ? [`There is ${file} and no version ${version - 1} before it. Restore the version that was removed.`] : []),
  ];
}

function notRead({ reads, versions }: History, service: string, event: string): string[] {
  const read = reads[service]?.[event] ?? [];
  const all = versionsOf(versions, event).map(({ version }) => version);
  const latest = all.at(-1);
  const name = shortNameOf(event);
  const lost = read.filter((version) => !all.includes(version));
  return [
    ...lost.map(
      (version) =>
        `readers.json says that ${service} reads ${name} with version ${version}, which is not in schemas/history. Restore it there.`,
    ),
    ...(latest !== undefined && read.includes(latest)
      ? []
      : [`readers.json does not say that ${service} reads ${name} with its latest version. ${LOCK_IT}.`]),
  ];
}
