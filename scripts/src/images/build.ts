import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { followDocker, projectHome, StartError } from '@troupe/embedded';
import { imageName, type Target } from './targets.ts';

const run = promisify(execFile);
const LINES_OF_A_FAILURE = 20;

/** How images are built. */
export interface Building {
  /** The image below, instead of the Dockerfile's. */
  readonly base: string | undefined;
  /** The network of the build: `host` where that of containers does not reach the registry of npm. */
  readonly network: string | undefined;
  /** What the images say about their source. */
  readonly labels: Readonly<Record<'VERSION' | 'REVISION' | 'SOURCE', string>>;
  readonly signal: AbortSignal;
}

export interface Built {
  readonly image: string;
  readonly bytes: number;
  readonly seconds: number;
}

/** Builds an image. Rejects with a StartError that has the last lines of the build. */
export async function build(target: Target, building: Building, update: (line: string) => void): Promise<Built> {
  const image = imageName(target.name);
  const startedAt = performance.now();
  const { code, lines } = await followDocker(['build', ...optionsOf(target, image, building), '.'], {
    cwd: projectHome,
    signal: building.signal,
    update: (line) => line !== '' && update(line),
  });
  if (code !== 0)
    throw new StartError([`${image} could not be built:\n${lines.slice(-LINES_OF_A_FAILURE).join('\n')}`]);
  const { stdout } = await run('docker', ['image', 'inspect', '--format', '{{.Size}}', image]);
  return { image, bytes: Number(stdout), seconds: (performance.now() - startedAt) / 1_000 };
}

/** @internal */
export function optionsOf(
  target: Target,
  image: string,
  { base, network, labels }: Omit<Building, 'signal'>,
): string[] {
  const epoch = process.env.SOURCE_DATE_EPOCH;
  const args = {
    ...labels,
    ...(base !== undefined && { BASE: base }),
    ...(epoch !== undefined && { SOURCE_DATE_EPOCH: epoch }),
  };
  return [
    ...['--file', 'infra/images/Dockerfile', '--tag', image],
    ...(network === undefined ? [] : ['--network', network]),
    ...Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
    ...target.options,
  ];
}

/** Version of the packages, commit, and where the project is published; `unknown` without Git. */
export async function labels(): Promise<Building['labels']> {
  const git = async (...args: string[]): Promise<string> => {
    const found = await run('git', ['-C', projectHome, ...args]).catch(() => undefined);
    return found?.stdout.trim() || 'unknown';
  };
  const { version } = JSON.parse(readFileSync(path.join(projectHome, 'services/chassis/package.json'), 'utf8'));
  const changed = (await git('status', '--porcelain')) === 'unknown' ? '' : '-changed';
  const remote = await git('remote', 'get-url', 'origin');
  return {
    VERSION: version,
    REVISION: `${await git('rev-parse', 'HEAD')}${changed}`,
    // A folder of this machine, or a URL with a password, is nobody's business.
    SOURCE: /^https:\/\/[^@]+$/.test(remote) ? remote : 'unknown',
  };
}
