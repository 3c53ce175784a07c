import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectHome } from '@troupe/embedded';
import { serviceNames } from '@troupe/services';
import { PARTS } from '../src/attacks/mutants/parts.ts';

describe('the parts whose mutants are made', () => {
  it('have files that exist, and tests that exist', () => {
    const files = PARTS.flatMap(({ mutate, tests }) => [...mutate, ...tests]).map((file) =>
      file.replace(/\*\.ts$/, ''),
    );
    expect(files.filter((file) => !existsSync(path.join(projectHome, file)))).toEqual([]);
  });

  it('have every service', () => {
    expect(PARTS.map(({ name }) => name)).toEqual(expect.arrayContaining([...serviceNames]));
  });
});
