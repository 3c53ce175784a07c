import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from './child.ts';

/** Brings a part back; resolves when it can be used. */
export type Return = () => Promise<void>;

/** `kill -9` of a process and all that it has started. */
export async function kill(child: Child): Promise<Return> {
  const family = familyOf(child);
  signal(family, 'SIGKILL');
  await child.stop();
  while (family.some(lives)) await sleep(10);
  return () => child.start();
}

/** Freezes a process (SIGSTOP): its connections stay open, and nothing answers. */
export async function freeze(child: Child): Promise<Return> {
  const family = familyOf(child);
  signal(family, 'SIGSTOP');
  return async () => signal(family.toReversed(), 'SIGCONT');
}

/** The process with all its descendants. It is stopped first, so that it starts no more of them. */
function familyOf({ name, pid }: Child): readonly number[] {
  if (pid === undefined) throw new Error(`${name} does not run.`);
  process.kill(pid, 'SIGSTOP');
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const parents = table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const childrenOf = (parent: number): number[] =>
    parents.flatMap(([one, its]) => (one !== undefined && its === parent ? [one, ...childrenOf(one)] : []));
  return [pid, ...childrenOf(pid)];
}

function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // A child that has ended by itself.
    }
  }
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
