export { PLANTED_BUGS } from './bugs/planted-bugs.ts';
export { COVERAGE_POINTS } from './run/coverage.ts';
export { runSeed, type SeedResult } from './run/run-seed.ts';
export { runSeeds, type SeedsToRun, type Tally } from './run/run-seeds.ts';
export { shrunk } from './run/shrink.ts';
export type { Failure } from './run/worker.ts';
export type { InjectedFault } from './world/faults.ts';
export { Random } from './world/random.ts';
