import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectHome, StartError } from '@troupe/embedded';
import type { Part } from './parts.ts';

const own = (...parts: readonly string[]): string => path.join(projectHome, 'scripts/mutants', ...parts);
const FOLDER = path.join(projectHome, '.troupe/stryker');
const REPORTS = '.troupe/mutants';
const LOCK = 'package-lock.json';

/** A mutant that takes longer than its tests and this is one that never ends. Long, since the machine may be busy. */
const TIME_OUT_MS = 30_000;

/** Installs Stryker beside the project's own packages, in the versions of its own lock file; nothing when it is there. */
export function installStryker(print: (line: string) => void): void {
  const lock = readFileSync(own(LOCK), 'utf8');
  const stamp = path.join(FOLDER, 'installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  print('Installing Stryker (about 65 MB, once) …');
  mkdirSync(FOLDER, { recursive: true });
  for (const file of ['package.json', LOCK]) copyFileSync(own(file), path.join(FOLDER, file));
  const npm = process.env.npm_execpath?.endsWith('npm-cli.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const options = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const [program = 'npm', ...before] = npm;
  const { status } = spawnSync(program, [...before, 'install', ...options], { cwd: FOLDER, stdio: 'inherit' });
  if (status !== 0)
    throw new StartError(['Stryker could not be installed; npm says above why. Try again when that is mended.']);
  writeFileSync(stamp, lock);
}

/** Where the report of a part is: `<name>.json`, and `<name>.html` for people. */
export const reportOf = ({ name }: Part, kind: 'json' | 'html'): string => path.join(REPORTS, `${name}.${kind}`);

/** Makes the mutants of a part and asks its tests about each. Leaves a report. */
export function runStryker(part: Part): void {
  const config = path.join(projectHome, REPORTS, `${part.name}.config.json`);
  mkdirSync(path.dirname(config), { recursive: true });
  writeFileSync(config, JSON.stringify(configOf(part), undefined, 2));
  const stryker = path.join(FOLDER, 'node_modules/@stryker-mutator/core/bin/stryker.js');
  // Standard output is for the result.
  const stdio = ['ignore', process.stderr.fd, process.stderr.fd] as const;
  const { status } = spawnSync(process.execPath, [stryker, 'run', config], { cwd: projectHome, stdio: [...stdio] });
  if (status !== 0)
    throw new StartError([`The mutants of ${part.name} could not be asked about; Stryker says above why.`]);
}

function configOf(part: Part): object {
  return {
    mutate: part.mutate,
    testRunner: 'troupe',
    ignorers: ['troupe'],
    plugins: [own('runner.mjs'), own('ignorer.mjs')],
    troupe: { tests: part.tests, packages: part.services, anew: part.anew },
    coverageAnalysis: 'perTest',
    concurrency: 1,
    timeoutMS: TIME_OUT_MS,
    dryRunTimeoutMinutes: 10,
    // What the tests read; packages are found in node_modules, above the sandbox.
    tempDirName: `${REPORTS}/${part.name}.sandbox`,
    symlinkNodeModules: false,
    tsconfigFile: 'none',
    ignorePatterns: [
      '*',
      ...['', '/*', '/*/src', '/*/src/**', '/*/test', '/*/test/**'].map((tree) => `!services${tree}`),
    ],
    logLevel: 'warn',
    warnings: { unknownOptions: false, slow: false },
    reporters: ['json', 'html', process.stderr.isTTY ? 'progress' : 'progress-append-only'],
    jsonReporter: { fileName: reportOf(part, 'json') },
    htmlReporter: { fileName: reportOf(part, 'html') },
  };
}
