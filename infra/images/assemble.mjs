// Puts packages of this project, built, and the libraries that they need at run time into a folder of their own, as Node
// finds them: node infra/images/assemble.mjs <folder> <package>… [--libraries-only] [--over <folder>]
//
//   <package>         its folder in the project: services/order
//   --libraries-only  the libraries alone, for a layer that several images share
//   --over <folder>   without the libraries that this layer has
//
// A package ships `dist`, or what the "files" of its package.json name. What is for people and compilers stays out: types,
// source maps, texts other than licences, and the query compilers of databases that are not PostgreSQL.
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
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
  options: { 'libraries-only': { type: 'boolean', default: false }, over: { type: 'string' } },
});
const [target, ...packages] = positionals;
if (target === undefined || packages.length === 0) {
  console.error('Usage: node infra/images/assemble.mjs <folder> <package>… [--libraries-only] [--over <folder>]');
  process.exit(1);
}

for (const folder of closureOf(packages.map((name) => path.join(home, name)))) {
  const place = path.relative(home, folder);
  if (place.startsWith('node_modules')) copyLibrary(folder, place);
  else if (!values['libraries-only']) copyPackage(folder, place);
}

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

function manifestOf(folder) {
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
}
