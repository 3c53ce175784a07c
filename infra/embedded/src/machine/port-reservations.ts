import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';

/** Holds a file for each port that a process of this user has reserved, with its pid. */
const FOLDER = path.join(tmpdir(), `troupe-ports-${userInfo().uid}`);

/**
 * Reserves a port for this process as long as it lives; every other process of this user is refused. Where no file can be
 * written, every reservation succeeds, and only the check of who listens is left.
 *
 * @param owner the pid that owns the port
 */
export function reserve(port: number, owner = process.pid): boolean {
  const file = path.join(FOLDER, String(port));
  try {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(file, String(owner), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return true;
  }
  if (lives(Number(readFileSync(file, 'utf8')))) return false;
  rmSync(file, { force: true });
  return reserve(port, owner);
}

/** An empty file is being written. */
function lives(pid: number): boolean {
  if (pid === 0) return true;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
