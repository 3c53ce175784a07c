import { type Choreography, type Impact, impactOf, mapAt, NoOldMap } from '@troupe/choreography';
import { StartError } from '@troupe/embedded';

/** What has changed since a revision. @throws StartError when that revision has no map */
export async function impactSince(revision: string, map: Choreography, root = process.cwd()): Promise<Impact> {
  try {
    return impactOf(await mapAt(root, revision), map);
  } catch (error) {
    throw error instanceof NoOldMap ? new StartError([error.message]) : error;
  }
}
