import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startOf } from './identity.ts';

/** A process that we started, from its pid file. */
export interface OwnProcess {
  readonly name: string;
  readonly pid: number;
  readonly start: string;
  /** The signals that end it, gentlest first. */
  readonly stopSignals: readonly NodeJS.Signals[];
}

const folderOf = (dataDir: string): string => path.join(dataDir, 'run');

/** Records that we started this process, so that a start after a crash of the launcher finds it. */
export function remember(dataDir: string, name: string, pid: number, stopSignals: readonly NodeJS.Signals[]): void {
  const start = startOf(pid);
  if (start === undefined) return;
  mkdirSync(folderOf(dataDir), { recursive: true });
  const file = path.join(folderOf(dataDir), `${name}.json`);
  writeFileSync(`${file}.new`, JSON.stringify({ name, pid, start, stopSignals }));
  renameSync(`${file}.new`, file);
}

export function forget(dataDir: string, name: string): void {
  rmSync(path.join(folderOf(dataDir), `${name}.json`), { force: true });
}

/** Processes of this data folder that still run: pid and start time both match the pid file. */
export function running(dataDir: string): OwnProcess[] {
  if (!existsSync(folderOf(dataDir))) return [];
  return readdirSync(folderOf(dataDir))
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) => readPidFile(path.join(folderOf(dataDir), file)))
    .filter((own) => startOf(own.pid) === own.start);
}

function readPidFile(file: string): OwnProcess[] {
  try {
    return [JSON.parse(readFileSync(file, 'utf8'))];
  } catch {
    return [];
  }
}
