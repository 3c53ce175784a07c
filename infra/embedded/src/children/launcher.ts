import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { StartError } from '../settings.ts';
import { startOf } from './identity.ts';

interface Launcher {
  readonly pid: number;
  readonly start: string;
}

const fileOf = (dataDir: string): string => path.join(dataDir, 'launcher.json');

/** The process that runs a stack in this data folder now. */
export function launcherOf(dataDir: string): Launcher | undefined {
  try {
    const launcher: Launcher = JSON.parse(readFileSync(fileOf(dataDir), 'utf8'));
    return startOf(launcher.pid) === launcher.start ? launcher : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Takes a data folder for this process. Of two that try at the same time one gets it. Returns what releases it; the lock of
 * a killed process counts as released.
 */
export function claim(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true });
  const file = fileOf(dataDir);
  const own = `${file}.${process.pid}`;
  writeFileSync(own, JSON.stringify({ pid: process.pid, start: startOf(process.pid) }));
  try {
    if (!linked(own, file)) replaceDead(own, file, dataDir);
  } finally {
    rmSync(own, { force: true });
  }
  return () => rmSync(file, { force: true });
}

/** A link appears together with its content, and only where nothing is. So it decides between two. */
function linked(own: string, file: string): boolean {
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function replaceDead(own: string, file: string, dataDir: string): void {
  const other = launcherOf(dataDir);
  if (other === undefined) rmSync(file, { force: true });
  if (other !== undefined || !linked(own, file)) throw alreadyRunning(dataDir, launcherOf(dataDir)?.pid);
}

function alreadyRunning(dataDir: string, pid: number | undefined): StartError {
  const stop = pid === undefined ? '' : `, or with: kill ${pid}`;
  return new StartError([
    `Troupe runs already with the data folder ${dataDir} (process ${pid ?? 'unknown'}). Use it, or stop it first: Ctrl-C ` +
      `where it was started${stop}. For a second one beside it set TROUPE_DATA_DIR and the ports.`,
  ]);
}
