export { PLANTED } from './bugs/planted-bugs.ts';
export type { Strike } from './faults/faults.ts';
export { SOMETIMES } from './run/coverage.ts';
export { type Played, play } from './run/run-seed.ts';
export { playSeeds, type Seeds, type Tally } from './run/run-seeds.ts';
export { shrunk } from './run/shrink.ts';
export type { Failure } from './run/worker.ts';
