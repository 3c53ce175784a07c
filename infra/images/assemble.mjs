// Puts files of this project into a folder of their own, as an image has them under /troupe:
// node infra/images/assemble.mjs <folder> <path>… [options]
//
//   <path>            of the project. A folder with a package.json is a package: it comes built, with the packages and libraries
//                     that it needs at run time, where Node finds them. Anything else comes as it is
//   --libraries-only  the libraries alone, for a layer that several images share
//   --over <folder>   without the libraries that this layer has
//   --main <path>     main.js leads there
//
// A package ships `dist`, or what the "files" of its package.json name. What is for people and compilers stays out: types,
// source maps, texts other than licences, and the query compilers of databases that are not PostgreSQL.
// Modes and times of files do not depend on the machine, so that the same source makes the same layer: everybody may read,
// and the time is SOURCE_DATE_EPOCH, in seconds.
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
} from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { home } from '../services/find.mjs';

const UNUSED = [
  /\.d\.[cm]?ts$/,
  /\.[cm]?ts$/,
  /\.map$/,
  /\.(md|markdown|flow|tsbuildinfo)$/i,
  /query_compiler_\w+_bg\.(cockroachdb|mysql|sqlite|sqlserver)\./,
  /query_compiler_small_bg\./,
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'libraries-only': { type: 'boolean', default: false },
    over: { type: 'string' },
    main: { type: 'string' },
  },
});
const [target, ...asked] = positionals;
if (target === undefined || asked.length === 0) {
  console.error(
    'Usage: node infra/images/assemble.mjs <folder> <path>… [--libraries-only] [--over <folder>] [--main <path>]',
  );
  process.exit(1);
}

for (const place of asked) {
  if (existsSync(path.join(home, place))) continue;
  console.error(`The project has no ${place}. Name a file or folder by its path in the project, as services/order.`);
  process.exit(1);
}

const isPackage = (place) => existsSync(path.join(home, place, 'package.json'));
for (const folder of closureOf(asked.filter(isPackage).map((place) => path.join(home, place)))) {
  const place = path.relative(home, folder);
  if (place.startsWith('node_modules')) copyLibrary(folder, place);
  else if (!values['libraries-only']) copyPackage(folder, place);
}
for (const place of asked.filter((place) => !isPackage(place))) copy(path.join(home, place), path.join(target, place));
if (values.main !== undefined) symlinkSync(values.main, path.join(target, 'main.js'));
const { SOURCE_DATE_EPOCH = '0' } = process.env;
evened(target, Number(SOURCE_DATE_EPOCH));

/** The packages, and all that they need at run time, by their real folders. */
function closureOf(folders) {
  const found = new Set();
  const open = folders.map((folder) => realpathSync(folder));
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    if (found.has(folder)) continue;
    found.add(folder);
    open.push(...needsOf(folder));
  }
  return [...found].sort();
}

/** @throws {Error} when something that is needed was not installed */
function needsOf(folder) {
  const {
    dependencies = {},
    optionalDependencies = {},
    peerDependencies = {},
    peerDependenciesMeta = {},
  } = manifestOf(folder);
  const optional = new Set([
    ...Object.keys(optionalDependencies),
    ...Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional),
  ]);
  // An optional peer is for whoever has it anyway: Prisma's client names the whole of Prisma as one.
  const wanted = { ...peerDependencies, ...dependencies, ...optionalDependencies };
  for (const name of Object.keys(peerDependencies)) {
    if (optional.has(name) && !dependencies[name] && !optionalDependencies[name]) delete wanted[name];
  }
  return Object.keys(wanted).flatMap((name) => {
    if (name.startsWith('@types/')) return [];
    const place = installed(folder, name);
    if (place === undefined && !optional.has(name)) throw new Error(`${folder} needs ${name}, which is not installed.`);
    return place === undefined ? [] : [place];
  });
}

/** Where Node finds a package from a folder. */
function installed(folder, name) {
  for (let at = folder; at.startsWith(home); at = path.dirname(at)) {
    const place = path.join(at, 'node_modules', name);
    if (existsSync(path.join(place, 'package.json'))) return realpathSync(place);
  }
  return undefined;
}

function copyLibrary(folder, place) {
  if (values.over !== undefined && existsSync(path.join(values.over, place))) return;
  copy(folder, path.join(target, place));
}

function copyPackage(folder, place) {
  const { name, files = ['dist'] } = manifestOf(folder);
  for (const file of ['package.json', ...files]) copy(path.join(folder, file), path.join(target, place, file));
  const link = path.join(target, 'node_modules', name);
  mkdirSync(path.dirname(link), { recursive: true });
  symlinkSync(path.relative(path.dirname(link), path.join(target, place)), link);
}

/** A package in the node_modules of another is a need of its own. */
function copy(from, to) {
  const filter = (file) => {
    const inside = path.relative(from, file);
    return !inside.split(path.sep).includes('node_modules') && !UNUSED.some((pattern) => pattern.test(file));
  };
  mkdirSync(path.dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true, filter });
}

/** Gives a file or folder, and all that it has, the mode and time that it has on every machine. */
function evened(place, time) {
  const stats = lstatSync(place);
  if (stats.isDirectory()) for (const name of readdirSync(place)) evened(path.join(place, name), time);
  if (!stats.isSymbolicLink()) chmodSync(place, stats.isDirectory() || stats.mode & 0o100 ? 0o755 : 0o644);
  lutimesSync(place, time, time);
}

function manifestOf(folder) {
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
}
