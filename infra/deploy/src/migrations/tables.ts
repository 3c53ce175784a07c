import path from 'node:path';
import { isServiceName } from '@troupe/services';
import type { OwnedUrl } from '../environment.ts';
import { migrateChassis } from './chassis.ts';
import { migrate } from './migrate.ts';

/** A database that has tables of ours. */
export type WithTables = OwnedUrl & { readonly owner: Exclude<OwnedUrl['owner'], 'registry'> };

/**
 * Brings the tables of these databases up to date, as the role that owns each: first those of the chassis, to which a service's own may
 * refer. Idempotent. Resolves with the names of the owners' own migrations that were applied.
 */
export async function migrateTables(
  home: string,
  databases: readonly WithTables[],
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const services = databases.filter(({ owner }) => isServiceName(owner));
  await migrateChassis(
    home,
    services.map(({ url }) => url),
    signal,
  );
  const tasks = databases.map(({ owner, url }) => ({ schemaDir: path.join(home, 'prisma', owner), databaseUrl: url }));
  return migrate(home, tasks, signal);
}
