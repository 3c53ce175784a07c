import { readdirSync, readFileSync } from 'node:fs';
import { freemem } from 'node:os';

const megabyte = 1024 * 1024;

/** Memory available without swapping, in megabytes; in a container, what its limit leaves. */
export function availableMegabytes(): number {
  const machine = /MemAvailable:\s+(\d+) kB/.exec(read('/proc/meminfo'))?.[1];
  const limit = Number(read('/sys/fs/cgroup/memory.max'));
  const used = Number(read('/sys/fs/cgroup/memory.current'));
  const free = machine === undefined ? freemem() / megabyte : Number(machine) / 1024;
  return Math.floor(limit > 0 && used > 0 ? Math.min(free, (limit - used) / megabyte) : free);
}

/**
 * Resident memory of a process and its descendants, in megabytes; undefined where there is no /proc. A page that several
 * processes share (PostgreSQL's buffers, Node's code) counts once, divided among them.
 */
export function residentMegabytes(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  // The launcher's descendants are the other processes, which are measured by themselves.
  const kilobytes = [pid, ...(pid === process.pid ? [] : descendantsOf(pid))].map(residentKilobytes);
  return kilobytes.reduce((sum, own) => sum + own, 0) / 1024;
}

function residentKilobytes(pid: number): number {
  const proportional = /^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1];
  return Number(proportional ?? /VmRSS:\s+(\d+) kB/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
}

function descendantsOf(pid: number): number[] {
  const children = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((candidate) => parentOf(candidate) === pid);
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

function parentOf(pid: number): number {
  const stat = read(`/proc/${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
