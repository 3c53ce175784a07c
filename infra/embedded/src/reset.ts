import { existsSync, rmSync } from 'node:fs';
import { launcherOf } from './children/launcher.ts';
import { endLeftovers } from './children/supervisor.ts';
import { placesElsewhere, programsElsewhere } from './postgres/place.ts';
import type { Reporter } from './reporter.ts';
import { StartError } from './settings.ts';

/**
 * Deletes a data folder with everything in it, and ends processes that a killed launcher left there. Refuses, with a
 * StartError, while a stack runs. Returns the folders that were deleted.
 */
export async function wipeData(dataDir: string, report: Reporter): Promise<string[]> {
  const launcher = launcherOf(dataDir);
  if (launcher !== undefined) {
    throw new StartError([
      `Troupe runs with the data folder ${dataDir} (process ${launcher.pid}). Stop it first: Ctrl-C where it was started, or: ` +
        `kill ${launcher.pid}`,
    ]);
  }
  await endLeftovers({ dataDir, report });
  const folders = [dataDir, ...placesElsewhere(dataDir)].filter((folder) => existsSync(folder));
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  return folders;
}

/** Deletes downloads and copies; the next start makes them again. Returns the folders that were deleted. */
export function wipeCache(cacheDir: string): string[] {
  const folders = [cacheDir, ...programsElsewhere()].filter((folder) => existsSync(folder));
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  return folders;
}
