// How long one test of a file may take, by the kind in the file's name, unless the test says otherwise. Jest reads
// `testTimeout` of the whole configuration alone, never that of a project; so each file sets its own before its tests.
import { expect, jest } from '@jest/globals';

/** In milliseconds. A test on real parts says what it waits for after 90 to 100 s, so its limit is no assertion. */
const LIMITS = {
  unit: 5_000,
  property: 60_000,
  int: 120_000,
  e2e: 120_000,
  seeds: 1_200_000,
  attack: 120_000,
  docker: 240_000,
};

const kind = /\.(\w+)\.test\.ts$/.exec(expect.getState().testPath ?? '')?.[1];
jest.setTimeout(LIMITS[kind]);
