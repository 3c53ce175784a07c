import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';

/** A file for each port that a process of this user has picked, with its pid. */
const FOLDER = path.join(tmpdir(), `troupe-ports-${userInfo().uid}`);

/**
 * Keeps a port for this process, for as long as it lives: whoever asks for it meanwhile, in whichever process, is told no.
 * Where nothing can be written down, every port counts as kept: the look at who listens is left.
 *
 * @param owner whose it is to be, by pid
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

/** An empty file is one that is being written. */
function lives(pid: number): boolean {
  if (pid === 0) return true;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
