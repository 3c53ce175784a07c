/**
 * The kinds of tests, told by the end of a file's name. `npm test` runs unit, property, int and e2e; `npm run attacks` runs
 * seeds and attack; `npm run test:docker` runs docker (scripts/src/test/kinds.ts).
 */
const KINDS = ['unit', 'property', 'int', 'e2e', 'seeds', 'attack', 'docker'];

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
  projects: KINDS.map((kind) => ({
    ...common,
    displayName: kind,
    testMatch: [`**/test/**/*.${kind}.test.ts`],
    setupFilesAfterEnv: ['<rootDir>/scripts/test-time-limits.mjs'],
  })),
  testSequencer: './scripts/longest-first.mjs',
  // A worker that has nothing open any more still takes longer than jest's half second to end, on a busy machine and with
  // a gigabyte to give back. One that is kept alive by what a test left open is still ended by force, and said.
  workerGracefulExitTimeout: 10_000,
};
