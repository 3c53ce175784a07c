import { createRequire } from 'node:module';
import path from 'node:path';

/** Where `npm run bench -- --peers` has put the packages of the peers; given to their processes. */
export const PACKAGES_VARIABLE = 'PEER_PACKAGES';

/** A package that is no dependency of this project, from the folder that the environment names. */
export function peerPackage<Exports>(name: string): Exports {
  const folder = process.env[PACKAGES_VARIABLE];
  if (!folder) throw new Error(`${PACKAGES_VARIABLE} is not set: it is the folder with the packages of the peers.`);
  return createRequire(path.join(folder, 'package.json'))(name) as Exports;
}
