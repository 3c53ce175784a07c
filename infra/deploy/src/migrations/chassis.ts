import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { StartError } from '../start-error.ts';

const run = promisify(execFile);

/**
 * Brings the chassis' tables of these databases up to date, each as the role of its URL, by the command that any deployment uses.
 * Idempotent. Rejects with the command's message.
 */
export async function migrateChassis(
  home: string,
  databaseUrls: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  const command = path.join(home, 'services/chassis/dist/postgres/migrate-command.js');
  // Passwords are in the environment, where other users do not see them.
  const env = { PATH: process.env.PATH, DATABASE_URL: databaseUrls.join(' ') };
  try {
    await run(process.execPath, [command], { env, ...(signal && { signal }) });
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    signal?.throwIfAborted();
    throw stderr ? new StartError([stderr.trim()]) : error;
  }
}
