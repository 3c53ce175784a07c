/** Unit, property and integration tests of every package; `npm test` decides which run when. */
export default {
  testEnvironment: 'node',
  testMatch: ['**/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/.troupe/'],
  modulePathIgnorePatterns: ['/dist/package.json', '/.troupe/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' }, sourceMaps: 'inline' },
    ],
  },
  testSequencer: './scripts/longest-first.mjs',
  // No assertion: a test that waits for something tells what it waits for after 90 to 100 s, also on a machine that has
  // little time for it.
  testTimeout: 120_000,
};
