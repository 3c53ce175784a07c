import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { claim, launcherOf } from '../src/children/launcher.ts';
import { wipeData } from '../src/reset.ts';
import { temporaryFolder } from './programs.ts';
import { Recorder } from './recorder.ts';

let place: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  place = temporaryFolder();
});
afterEach(() => place.remove());

it('a data folder is given to one launcher at a time', () => {
  const release = claim(place.folder);
  expect(() => claim(place.folder)).toThrow(
    `Troupe runs already with the data folder ${place.folder} (process ${process.pid})`,
  );
  release();
  claim(place.folder)();
});

it('a launcher that was killed does not hold its data folder', () => {
  writeFileSync(
    path.join(place.folder, 'launcher.json'),
    JSON.stringify({ pid: process.pid, start: 'an earlier boot/1' }),
  );
  expect(launcherOf(place.folder)).toBeUndefined();
  claim(place.folder)();
});

it('the data is not deleted while a stack runs, and is deleted when none does', async () => {
  const release = claim(place.folder);
  await expect(wipeData(place.folder, new Recorder())).rejects.toThrow(`Stop it first`);
  expect(existsSync(place.folder)).toBe(true);
  release();
  expect(await wipeData(place.folder, new Recorder())).toEqual([place.folder]);
  expect(existsSync(place.folder)).toBe(false);
});
