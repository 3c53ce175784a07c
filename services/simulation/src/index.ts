export { PLANTED } from './bugs/bugs.ts';
export type { Strike } from './machine/faults.ts';
export { type Played, play } from './play.ts';
export { playSeeds, type Seeds, type Tally } from './seeds.ts';
export { shrunk } from './shrink.ts';
export { SOMETIMES } from './sometimes.ts';
export type { Failure } from './worker.ts';
