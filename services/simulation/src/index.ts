export type { Strike } from './faults.ts';
export { type Played, play } from './play.ts';
export { PLANTED } from './process/bugs.ts';
export { Random } from './random.ts';
export { playSeeds, type Seeds, type Tally } from './seeds.ts';
export { shrunk } from './shrink.ts';
export { SOMETIMES } from './sometimes.ts';
export type { Failure } from './worker.ts';
