import { existsSync, statfsSync } from 'node:fs';
import path from 'node:path';
import { isThere } from '../downloads/fetch.ts';
import type { Download } from '../downloads/parts.ts';
import { accountIsMissing } from '../postgres/account.ts';
import type { Reporter } from '../reporter.ts';
import { type PortName, type Settings, StartError } from '../settings.ts';
import { findJava, findMaven } from './java.ts';
import { availableMegabytes } from './memory.ts';
import { takenPorts } from './ports.ts';

/** What a start needs of the machine. */
export interface Needs {
  readonly downloads: readonly Download[];
  readonly ports: readonly PortName[];
  readonly memoryMegabytes: number;
}

/** What the machine has, for the embedded parts. */
export interface Machine {
  readonly java: string;
  readonly missing: readonly Download[];
  /** Present only when something has to be downloaded. */
  readonly maven: string | undefined;
}

/**
 * Checks the machine before anything is started. Throws a StartError with every fault at once; reports what else a person
 * should know.
 */
export async function preflight(settings: Settings, needs: Needs, report: Reporter): Promise<Machine> {
  const missing = needs.downloads.filter((download) => !isThere(settings.cacheDir, download));
  const [java, maven, ports] = await Promise.all([
    findJava(),
    missing.length > 0 ? findMaven() : undefined,
    takenPorts(settings.ports, needs.ports),
  ]);
  const faults = [java, maven].flatMap((found) => (found && 'fault' in found ? [found.fault] : []));
  faults.push(...ports, ...memoryFaults(needs, report), ...diskFaults(settings, missing));
  if (faults.length > 0) throw new StartError(faults);
  if (accountIsMissing()) {
    report.note('You are root, and PostgreSQL refuses to run as root: a system user "postgres" is made for it.');
  }
  return { java: commandOf(java) ?? 'java', missing, maven: maven && commandOf(maven) };
}

/** Checks the ports, also when the infrastructure runs in containers. */
export async function portsAreFree(settings: Settings, names: readonly PortName[]): Promise<void> {
  const faults = await takenPorts(settings.ports, names);
  if (faults.length > 0) throw new StartError(faults);
}

function commandOf(found: Awaited<ReturnType<typeof findJava>>): string | undefined {
  return 'command' in found ? found.command : undefined;
}

/** Only Linux reports the memory that is really available. Elsewhere, and when it is merely tight, this is a warning. */
function memoryFaults({ memoryMegabytes }: Needs, report: Reporter): string[] {
  const available = availableMegabytes();
  if (available >= memoryMegabytes) return [];
  const text = `${available} MB of memory are free, and about ${memoryMegabytes} MB are needed. Close other programs, or give the machine or container more.`;
  if (process.platform === 'linux' && available < memoryMegabytes * 0.6) return [text];
  report.warn(text);
  return [];
}

function diskFaults({ dataDir, cacheDir }: Settings, missing: readonly Download[]): string[] {
  const download = missing.reduce((sum, { megabytes }) => sum + 2.5 * megabytes, 0);
  return [
    ...spaceFault(dataDir, 500, 'TROUPE_DATA_DIR'),
    ...(download > 0 ? spaceFault(cacheDir, Math.ceil(download), 'TROUPE_CACHE_DIR') : []),
  ];
}

function spaceFault(folder: string, megabytes: number, variable: string): string[] {
  const { bavail, bsize } = statfsSync(existing(folder));
  const free = Math.floor((bavail * bsize) / 1024 / 1024);
  if (free >= megabytes) return [];
  return [
    `${free} MB are free on the disk of ${folder}, and ${megabytes} MB are needed. Make room, or set ${variable} to a folder on another disk.`,
  ];
}

function existing(folder: string): string {
  return existsSync(folder) ? folder : existing(path.dirname(folder));
}
