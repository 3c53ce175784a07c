import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';

/** The system user for PostgreSQL when we are root, because PostgreSQL refuses to run as root. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

const accountName = 'postgres';

/** Whether a system user is needed and missing. */
export function accountIsMissing(): boolean {
  return process.getuid?.() === 0 && accountFromSystem() === undefined;
}

/** Undefined when we are not root: PostgreSQL then runs as ourselves. Makes the system user when there is none. */
export function account(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const found = accountFromSystem();
  if (found !== undefined) return found;
  execFileSync('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--shell',
    '/usr/sbin/nologin',
    accountName,
  ]);
  return accountFromSystem();
}

function accountFromSystem(): Account | undefined {
  try {
    const id = (flag: string): number =>
      Number(execFileSync('id', [flag, accountName], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined;
  }
}

/**
 * Whether the account may enter every folder down to this one. A clone in `/root` can be reached by root alone, so not by
 * PostgreSQL's account.
 */
export function canReach(folder: string, who: Account): boolean {
  const { uid, gid, mode } = statSync(folder, { throwIfNoEntry: false }) ?? statSync(path.dirname(folder));
  const bit = uid === who.uid ? 0o100 : gid === who.gid ? 0o010 : 0o001;
  return (mode & bit) !== 0 && (folder === path.dirname(folder) || canReach(path.dirname(folder), who));
}

/** Makes a folder that only the account can enter; it is ours when no account is needed. */
export function makeFolderFor(folder: string, who: Account | undefined): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (who !== undefined) chownSync(folder, who.uid, who.gid);
}

/** A folder that others can pass through, without seeing what is in it. */
export function makePassage(folder: string): void {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, statSync(folder).mode | 0o011);
}

/** Copies a folder completely or not at all: an interrupted copy is not taken for a whole one. */
export function copyWhole(from: string, to: string): void {
  if (existsSync(to)) return;
  const partial = `${to}.${process.pid}.partial`;
  cpSync(from, partial, { recursive: true, verbatimSymlinks: true });
  if (existsSync(to)) rmSync(partial, { recursive: true });
  else renameSync(partial, to);
}
