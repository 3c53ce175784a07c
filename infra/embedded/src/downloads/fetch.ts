import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { StartError } from '../settings.ts';
import { type Download, pomOf } from './parts.ts';

/** Where a download is once it is complete. */
export const folderOf = (cacheDir: string, { name }: Download): string => path.join(cacheDir, name);

/** How to download. */
export interface Fetching {
  readonly cacheDir: string;
  /** The Maven program. */
  readonly maven: string;
  /** Called with the bytes so far. */
  update(detail: string): void;
  readonly signal: AbortSignal;
}

export const isThere = (cacheDir: string, download: Download): boolean => existsSync(folderOf(cacheDir, download));

/**
 * Downloads into a folder of its own that is renamed when it is complete, so an interrupted download leaves nothing that
 * looks whole. Proxy and mirror are those of the user's Maven settings.
 */
export async function fetchDownload(download: Download, fetching: Fetching): Promise<void> {
  const { cacheDir } = fetching;
  mkdirSync(cacheDir, { recursive: true });
  const folder = mkdtempSync(path.join(cacheDir, `${download.name}.partial-`));
  try {
    writeFileSync(path.join(folder, 'pom.xml'), pomOf(download));
    await runMaven(download, folder, fetching);
    publish(path.join(folder, 'files'), folderOf(cacheDir, download));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Another start may have been faster: its download is as good as ours. */
function publish(files: string, place: string): void {
  try {
    renameSync(files, place);
  } catch (error) {
    if (!existsSync(place)) throw error;
  }
}

async function runMaven(download: Download, folder: string, { maven, update, signal }: Fetching): Promise<void> {
  const target = path.join(folder, 'files');
  mkdirSync(target);
  const child = spawn(maven, ['-B', '-f', path.join(folder, 'pom.xml'), ...download.mavenArguments(target)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  });
  const closed = once(child, 'close');
  const errors: string[] = [];
  let bytes = 0;
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      errors.push(...reasonIn(line));
      bytes += downloadedBytes(line);
      if (downloadedBytes(line) > 0) update(`${(bytes / 1e6).toFixed(0)} of about ${download.megabytes} MB`);
    });
  }
  const [code] = await closed;
  if (code !== 0) throw new StartError([failure(download, errors)]);
}

/** `Downloaded from central: https://… (1.2 MB at 3.4 MB/s)` → 1200000; other lines 0. */
export function downloadedBytes(line: string): number {
  const [, size, unit] = /Downloaded.*\(([\d.]+) ([kMG]?B)(?: at|\))/.exec(line) ?? [];
  const factors: Readonly<Record<string, number>> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9 };
  return Number(size ?? 0) * (factors[unit ?? 'B'] ?? 0);
}

/** What Maven says went wrong, without its advice on how to use Maven. */
function reasonIn(line: string): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Maven writes colour codes.
  const text = /\[ERROR\] (.*)/.exec(line.replace(/\x1b\[[0-9;]*m/g, ''))?.[1]?.trim() ?? '';
  return text === '' || /^(To see|Re-run|For more|\[Help)/.test(text) ? [] : [text.replace(/ -> \[Help.*/, '')];
}

function failure({ title }: Download, errors: readonly string[]): string {
  const why = errors.slice(0, 3).join('\n') || 'Maven said nothing about it.';
  return (
    `${title} could not be downloaded with Maven:\n${why}\nCheck the network. Behind a proxy, or with a mirror of Maven ` +
    'Central, put it into ~/.m2/settings.xml (https://maven.apache.org/guides/mini/guide-proxies.html). Then start again.'
  );
}
