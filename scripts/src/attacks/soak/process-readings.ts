import { readdirSync } from 'node:fs';
import { processesOf, residents } from '../../measure/meter/processes.ts';
import type { Reading } from './book.ts';

/** Stand-ins for the outside keep in memory what they were asked for, so that tests can read it. */
const OUTSIDE: Readonly<Record<string, string>> = {
  provider: 'the stand-in keeps its ledger in memory',
  carrier: 'the stand-in keeps its bookings in memory',
  mailbox: 'the stand-in keeps its mails in memory',
};

/** Memory and open files (connections among them) of every process of a stack; nothing where they cannot be read. */
export function processReadings(dataDir: string): readonly Reading[] {
  const processes = processesOf(dataDir);
  const memory = residents(processes).map(({ name, megabytes }): Reading => {
    const kept = OUTSIDE[name];
    return { what: 'memory', of: name, unit: 'MB', slack: 10, value: megabytes, ...(kept !== undefined && { kept }) };
  });
  const files = processes.flatMap(({ name, pid }): Reading[] => {
    const value = openFiles(pid);
    return value === undefined ? [] : [{ what: 'open files', of: name, unit: '', slack: 10, value }];
  });
  return [...memory, ...files];
}

function openFiles(pid: number): number | undefined {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return undefined;
  }
}
