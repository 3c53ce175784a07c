import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { sum } from '../statistics.ts';

export interface StackProcess {
  readonly name: string;
  readonly pid: number;
}

/** CPU time of a process, with all its descendants, since it began: user and system. */
export interface CpuTime extends StackProcess {
  readonly cpuMs: number;
}

/** Resident memory of a process, with all its descendants. */
export interface Resident extends StackProcess {
  /** Pages that several processes share (PostgreSQL's buffers, the code of Node) are counted once, in parts. */
  readonly megabytes: number;
}

/** Ticks of the times in /proc/<pid>/stat: USER_HZ, 100 on every architecture that Node runs on. */
const TICK_MS = 10;

/** Whether CPU and memory of other processes can be read here. */
export const isMeasurable = (): boolean => existsSync('/proc/self/smaps_rollup');

/** CPU time of this process since it began. */
export function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** The processes that run in a data folder, as the launcher wrote them down. */
export function processesOf(dataDir: string): StackProcess[] {
  const folder = path.join(dataDir, 'run');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as StackProcess)
    .map(({ name, pid }) => ({ name, pid }));
}

/** CPU time of each of these processes. One that has ended is left out. */
export function cpuTimes(processes: readonly StackProcess[]): CpuTime[] {
  const children = childrenByParent();
  return processes.flatMap(({ name, pid }) => {
    const stats = withDescendants(pid, children).flatMap((member) => statOf(member) ?? []);
    if (stats.length === 0) return [];
    return [{ name, pid, cpuMs: sum(stats.map((stat) => stat.cpuMs)) }];
  });
}

/**
 * Memory of each of these processes. One that has ended is left out. Reading is dear, since the kernel walks over all pages
 * of a process: once a second for a whole stack takes 3.5 % of a machine with two processors.
 */
export function residents(processes: readonly StackProcess[]): Resident[] {
  const children = childrenByParent();
  return processes.flatMap(({ name, pid }) => {
    const kilobytes = sum(withDescendants(pid, children).map(residentKilobytes));
    return kilobytes === 0 ? [] : [{ name, pid, megabytes: kilobytes / 1024 }];
  });
}

export interface Stat {
  readonly parent: number;
  readonly cpuMs: number;
}

/**
 * Reads a line of /proc/<pid>/stat (proc_pid_stat(5)): utime, stime, and those of children that have ended and were
 * waited for, as PostgreSQL's connections are. The name in it may contain blanks and brackets.
 */
export function parseStat(line: string): Stat {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const ticks = sum(fields.slice(11, 15).map(Number));
  return { parent: Number(fields[1]), cpuMs: ticks * TICK_MS };
}

function statOf(pid: number): Stat | undefined {
  const line = read(`/proc/${pid}/stat`);
  return line === '' ? undefined : parseStat(line);
}

function childrenByParent(): ReadonlyMap<number, readonly number[]> {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    const stat = /^\d+$/.test(entry) ? statOf(Number(entry)) : undefined;
    if (stat !== undefined) children.set(stat.parent, [...(children.get(stat.parent) ?? []), Number(entry)]);
  }
  return children;
}

function withDescendants(pid: number, children: ReadonlyMap<number, readonly number[]>): number[] {
  return [pid, ...(children.get(pid) ?? []).flatMap((child) => withDescendants(child, children))];
}

function residentKilobytes(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
