import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { remember } from '../src/children/pid-files.ts';
import { canReach, copyWhole } from '../src/postgres/account.ts';
import { temporaryDataDir } from '../src/temporary.ts';
import { temporaryFolder } from './programs.ts';
import { Recorder } from './recorder.ts';

it('another user reaches a folder only when each folder above it lets them through', () => {
  const { folder, remove } = temporaryFolder();
  const inner = path.join(folder, 'a/b');
  mkdirSync(inner, { recursive: true });
  const stranger = { uid: 4_000_000, gid: 4_000_000 };
  chmodSync(folder, 0o755);
  expect(canReach(inner, stranger)).toBe(true);
  chmodSync(folder, 0o700);
  expect(canReach(inner, stranger)).toBe(false);
  remove();
});

it('a copy that was made is not made again', () => {
  const { folder, remove } = temporaryFolder();
  mkdirSync(path.join(folder, 'from'));
  writeFileSync(path.join(folder, 'from/file'), 'one');
  copyWhole(path.join(folder, 'from'), path.join(folder, 'to'));
  rmSync(path.join(folder, 'from'), { recursive: true });
  copyWhole(path.join(folder, 'from'), path.join(folder, 'to'));
  expect(existsSync(path.join(folder, 'to/file'))).toBe(true);
  remove();
});

it('what a killed test run left behind is ended and deleted by the next one', async () => {
  const dead = mkdtempSync(path.join(tmpdir(), 'troupe-test-'));
  const orphan = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  const exit = once(orphan, 'exit');
  remember(dead, 'kafka', orphan.pid ?? 0, ['SIGTERM']);
  const young = mkdtempSync(path.join(tmpdir(), 'troupe-test-'));
  const longAgo = new Date(Date.now() - 3_600_000);
  utimesSync(dead, longAgo, longAgo);
  const own = await temporaryDataDir(new Recorder());
  await exit;
  expect([dead, young, own].map((folder) => existsSync(folder))).toEqual([false, true, true]);
  for (const folder of [young, own]) rmSync(folder, { recursive: true });
});
