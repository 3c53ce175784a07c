import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Choreography } from '../map/choreography.ts';

const run = promisify(execFile);

/** Where the map is kept in the repository, so that an old one need not be built. */
export const MAP_FILE = 'docs/choreography.json';

/** A revision whose map cannot be had. */
export class NoOldMap extends Error {}

/**
 * The map as it was at a revision: the file that was committed with it. Nothing of the old revision is built or run.
 *
 * @param root the folder of the repository
 * @throws NoOldMap with what to do, when the revision does not exist or has no map
 */
export async function mapAt(root: string, revision: string): Promise<Choreography> {
  if (revision.startsWith('-'))
    throw new NoOldMap(`"${revision}" is no revision of git. Give a commit, a branch or a tag.`);
  const commit = await git(root, ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`]).catch(() => {
    throw new NoOldMap(
      `There is no revision "${revision}" here. Give a commit, a branch or a tag that git knows; in a shallow clone run git fetch first.`,
    );
  });
  const text = await git(root, ['show', `${commit.trim()}:${MAP_FILE}`]).catch(() => {
    throw new NoOldMap(
      `Revision ${revision} has no ${MAP_FILE}: it is older than the map. Compare with a later one: git log --oneline -- ${MAP_FILE} lists those that have it.`,
    );
  });
  return mapFrom(text, `${revision}:${MAP_FILE}`);
}

function mapFrom(text: string, source: string): Choreography {
  const map = parsed(text);
  if (map?.format === 1) return map;
  throw new NoOldMap(`${source} is no map of format 1, which this command reads. Compare with a later revision.`);
}

function parsed(text: string): Choreography | undefined {
  try {
    return JSON.parse(text) as Choreography;
  } catch {
    return undefined;
  }
}

async function git(root: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run('git', ['-C', root, ...args], { maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}
