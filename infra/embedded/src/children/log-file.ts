import { closeSync, fstatSync, mkdirSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';

const rotateAtBytes = 20 * 1024 * 1024;
const tailBytes = 4096;

/** Where the output of a process goes: `<data folder>/logs/<name>.log`. */
export function logFileOf(dataDir: string, name: string): string {
  return path.join(dataDir, 'logs', `${name}.log`);
}

/**
 * Opens a log to append to. The process writes to it directly, so that its output does not pass through the launcher
 * and is not lost with it. A log above 20 MB becomes `<name>.log.1` first.
 */
export function openLog(file: string): number {
  mkdirSync(path.dirname(file), { recursive: true });
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > rotateAtBytes) renameSync(file, `${file}.1`);
  return openSync(file, 'a', 0o640);
}

export function sizeOf(log: number): number {
  return fstatSync(log).size;
}

/** The last lines that were written from `offset` on. */
export function tailOf(file: string, offset: number, lines = 8): string {
  const log = openSync(file, 'r');
  try {
    const from = Math.max(offset, sizeOf(log) - tailBytes);
    const bytes = Buffer.alloc(tailBytes);
    const text = bytes.toString('utf8', 0, readSync(log, bytes, 0, tailBytes, from));
    return text.trimEnd().split('\n').slice(-lines).join('\n');
  } finally {
    closeSync(log);
  }
}
