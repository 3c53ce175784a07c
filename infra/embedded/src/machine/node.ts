import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';

/** A Node to run programs with, and which one it is. */
export interface NodeRuntime {
  readonly command: string;
  /** `24.21.0` */
  readonly version: string;
}

const { resolve } = createRequire(import.meta.url);
let found: NodeRuntime | undefined;

/**
 * What the Node processes of a stack run on: the Node of package.json, which npm installs where one is published for this
 * machine (docs/decisions/0023), else the one that runs us.
 */
export function nodeRuntime(): NodeRuntime {
  found ??= nodeOf(`node-${process.platform}-${process.arch}`) ?? {
    command: process.execPath,
    version: process.versions.node,
  };
  return found;
}

/** The Node in a package; undefined where the package is not there, or does not run here (another libc, say). */
export function nodeOf(packageName: string): NodeRuntime | undefined {
  try {
    const command = path.join(path.dirname(resolve(`${packageName}/package.json`)), 'bin/node');
    const { stdout } = spawnSync(command, ['--version'], { encoding: 'utf8', timeout: 20_000 });
    const version = /^v(\d+\.\d+\.\d+)\s*$/.exec(stdout)?.[1];
    return version === undefined ? undefined : { command, version };
  } catch {
    return undefined;
  }
}
