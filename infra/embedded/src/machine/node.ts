import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';

/** A Node to run programs with, and its version. */
export interface NodeRuntime {
  readonly command: string;
  /** `24.21.0` */
  readonly version: string;
}

const { resolve } = createRequire(import.meta.url);
let found: NodeRuntime | undefined;

/**
 * The Node for the processes of a stack: the one of package.json, which npm installs where it is published for this machine
 * (docs/decisions/0023), else the one that runs this process.
 */
export function nodeRuntime(): NodeRuntime {
  found ??= nodeOf(`node-${process.platform}-${process.arch}`) ?? {
    command: process.execPath,
    version: process.versions.node,
  };
  return found;
}

/** The Node in a package; undefined when the package is missing, or does not run here (for example, another libc). */
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
