import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Choreography } from '@troupe/choreography/graph';

/** The map, as `npm run choreography -- --write` writes it and every build checks it against the tables of the services. */
const MAP_FILE = fileURLToPath(new URL('../../../docs/choreography.json', import.meta.url));

export const readChoreography = (file = MAP_FILE): Choreography => JSON.parse(readFileSync(file, 'utf8'));
