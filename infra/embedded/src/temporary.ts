import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { launcherOf } from './children/launcher.ts';
import { endLeftovers } from './children/supervisor.ts';
import type { Reporter } from './reporter.ts';

const prefix = 'troupe-test-';
/** A new folder may not have its launcher's name yet. */
const youngMs = 60_000;

/**
 * A data folder for a stack that lives as long as a test run; the caller deletes it. First it removes the processes and
 * folders of earlier runs that were killed, because nobody would start there again.
 */
export async function temporaryDataDir(report: Reporter): Promise<string> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    await removeDead(path.join(tmpdir(), name), report);
  }
  return mkdtempSync(path.join(tmpdir(), prefix));
}

async function removeDead(dataDir: string, report: Reporter): Promise<void> {
  const { uid, mtimeMs } = statSync(dataDir);
  const ours = uid === process.getuid?.() && Date.now() - mtimeMs > youngMs;
  if (!ours || launcherOf(dataDir) !== undefined) return;
  await endLeftovers({ dataDir, report });
  rmSync(dataDir, { recursive: true, force: true });
}
