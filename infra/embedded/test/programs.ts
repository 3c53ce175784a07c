import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ChildSpec } from '../src/children/child.ts';

/** A folder for one test; `remove` deletes it. */
export function temporaryFolder(): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'troupe-embedded-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * A small program that is ready when it has written its pid into `<folder>/<name>.ready`. `code` runs first; with nothing
 * else it ends on SIGTERM, writing its name into `<folder>/ended`.
 */
export function program(folder: string, name: string, code = ''): ChildSpec {
  const ready = path.join(folder, `${name}.ready`);
  const text = `
    const { writeFileSync, appendFileSync } = require('node:fs');
    ${code}
    process.once('SIGTERM', () => { appendFileSync(${JSON.stringify(path.join(folder, 'ended'))}, '${name} '); process.exit(0); });
    writeFileSync(${JSON.stringify(ready)}, String(process.pid));
    setInterval(() => {}, 1000);`;
  return {
    name,
    command: process.execPath,
    args: ['-e', text],
    env: { PATH: process.env.PATH },
    notReady: async () => (existsSync(ready) ? undefined : 'it has not written its pid yet'),
    readyWithinMs: 60_000,
    stopSignals: ['SIGTERM'],
    stopWithinMs: 3000,
  };
}

/** The names of the programs that ended on SIGTERM, in their order. */
export function endedIn(folder: string): string[] {
  const file = path.join(folder, 'ended');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split(' ') : [];
}

/** Whether there is such a process. */
export function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
