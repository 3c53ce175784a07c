/**
 * The kinds of tests, told by the end of a file's name, and how long one test of each may take unless it says otherwise.
 * `npm test` runs unit, property, int and e2e; `npm run attacks` runs seeds and attack (scripts/src/test/kinds.ts).
 * A test on real parts says what it waits for after 90 to 100 s, so its limit is no assertion.
 */
const TIMEOUTS = { unit: 5_000, property: 60_000, int: 120_000, e2e: 120_000, seeds: 1_200_000, attack: 120_000 };

const common = {
  testEnvironment: 'node',
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/.troupe/'],
  modulePathIgnorePatterns: ['/dist/package.json', '/.troupe/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' }, sourceMaps: 'inline' },
    ],
  },
};

export default {
  projects: Object.entries(TIMEOUTS).map(([kind, testTimeout]) => ({
    ...common,
    displayName: kind,
    testMatch: [`**/test/**/*.${kind}.test.ts`],
    testTimeout,
  })),
  testSequencer: './scripts/longest-first.mjs',
  // A worker that has nothing open any more still takes longer than jest's half second to end, on a busy machine and with
  // a gigabyte to give back. One that is kept alive by what a test left open is still ended by force, and said.
  workerGracefulExitTimeout: 10_000,
};
