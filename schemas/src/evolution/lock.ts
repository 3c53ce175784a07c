import type { AnyEventType } from '../event-type.ts';
import { type History, lockLineOf, type ReadVersions } from './history.ts';
import { currentOf, fingerprintOf, type SchemaVersion, versionsOf } from './version.ts';

/** Which service hears which events, by their full names: from the reaction tables. */
export type Hearers = ReadonlyMap<string, readonly string[]>;

export interface Locking {
  readonly events: readonly AnyEventType[];
  readonly hearers: Hearers;
}

/**
 * The history with the current version of each event. Each service that hears an event reads with its current version from
 * now on, and for a while also with those before: instances of the version before run until a deployment is complete.
 */
export function locked(history: History, { events, hearers }: Locking): History {
  const added = events.flatMap((event) => newVersion(history.versions, event));
  const versions = [...history.versions, ...added].sort(byEventAndVersion);
  return {
    versions,
    lock: [...history.lock, ...added.map(lockLineOf)].sort(byEventAndVersion),
    reads: readsOf(hearers, (service, event) => {
      const latest = versionsOf(versions, event).at(-1)?.version;
      const before = history.reads[service]?.[event] ?? [];
      return latest === undefined || before.includes(latest) ? before : [...before, latest];
    }),
  };
}

/** The history once no instance of these services reads with an earlier version any more. */
export function rolledOut(history: History, services: readonly string[]): History {
  const reads = Object.entries(history.reads).map(([service, events]) => {
    if (!services.includes(service)) return [service, events] as const;
    const latest = Object.entries(events).map(([event, versions]) => [event, versions.slice(-1)] as const);
    return [service, Object.fromEntries(latest)] as const;
  });
  return { ...history, reads: Object.fromEntries(reads) };
}

function newVersion(versions: readonly SchemaVersion[], event: AnyEventType): SchemaVersion[] {
  const current = currentOf(event);
  const latest = versionsOf(versions, event.fullName).at(-1);
  if (latest !== undefined && fingerprintOf(latest) === fingerprintOf(current)) return [];
  return [{ ...current, version: (latest?.version ?? 0) + 1 }];
}

function readsOf(hearers: Hearers, versions: (service: string, event: string) => readonly number[]): ReadVersions {
  const services = [...hearers].filter(([, events]) => events.length > 0).sort(byName);
  return Object.fromEntries(
    services.map(([service, events]) => {
      const sorted = [...new Set(events)].sort();
      return [service, Object.fromEntries(sorted.map((event) => [event, versions(service, event)]))];
    }),
  );
}

const byName = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number =>
  one < other ? -1 : 1;

interface Placed {
  readonly event: string;
  readonly version: number;
}
const byEventAndVersion = (one: Placed, other: Placed): number =>
  one.event === other.event ? one.version - other.version : one.event < other.event ? -1 : 1;
