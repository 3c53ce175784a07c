import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type Reporter, type Settings, StartError } from '@troupe/embedded';

/** Exact versions, those of what they need in turn among them. */
const PINNED = ['package.json', 'package-lock.json'] as const;
const MEGABYTES = 240;

export interface Installing {
  readonly settings: Settings;
  readonly report: Reporter;
  readonly signal: AbortSignal;
}

/**
 * The folder with the packages of the peers, in the cache folder; installed there when it is not there yet, and nowhere
 * else: they are no part of this project. Without install scripts. A folder that is there is whole.
 */
export async function installPeers({ settings, report, signal }: Installing): Promise<string> {
  const pins = path.join(settings.home, 'scripts/peers');
  const place = path.join(settings.cacheDir, `peers-${versionOf(pins)}`);
  if (existsSync(place)) return place;
  report.note(
    `Restate, DBOS and a mailer, which are no part of Troupe, are installed into ${place} with the versions of ` +
      `scripts/peers/package.json: about ${MEGABYTES} MB, once; npm run reset -- --cache deletes them. Restate's server ` +
      'comes with its own licence (Business Source License).',
  );
  mkdirSync(settings.cacheDir, { recursive: true });
  const partial = mkdtempSync(`${place}.partial-`);
  try {
    for (const file of PINNED) copyFileSync(path.join(pins, file), path.join(partial, file));
    await report.step('Peers', () => npmInstall(partial, signal));
    publish(partial, place);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return place;
}

function versionOf(pins: string): string {
  const hash = createHash('sha256');
  for (const file of PINNED) hash.update(readFileSync(path.join(pins, file)));
  return hash.digest('hex').slice(0, 12);
}

async function npmInstall(folder: string, signal: AbortSignal): Promise<void> {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const child = spawn(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    signal,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk));
  const [code] = await once(child, 'close');
  if (code === 0) return;
  throw new StartError([
    `The peers could not be installed:\n${Buffer.concat(said).toString().trim()}\nCheck the network (behind a proxy: npm ` +
      'config set proxy …), and start again.',
  ]);
}

/** Another run may have been faster: its folder is as good as ours. */
function publish(partial: string, place: string): void {
  try {
    renameSync(partial, place);
  } catch (error) {
    if (!existsSync(place)) throw error;
  }
}
