// Module hooks of the mutants' test runner, for Node's own loader: the TypeScript of the packages that are looked at is
// read from the sandbox, as it stands there; Jest's globals and fast-check are those of this folder.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transformSync } from '@swc/core';

/** What stands for what tests import from elsewhere. */
const stands = new Map([
  ['@jest/globals', new URL('./globals.mjs', import.meta.url).href],
  ['fast-check', new URL('./properties.mjs', import.meta.url).href],
]);
const compiled = new Map();
let sandbox = '';
/** Package names and the files that they stand for. */
let sources = new Map();

export function initialize({ sandbox: folder, packages }) {
  sandbox = `${pathToFileURL(folder).href}/`;
  sources = new Map(
    packages.flatMap((name) => {
      const source = (file) => pathToFileURL(path.join(folder, 'services', name, 'src', file)).href;
      return [
        [`@troupe/${name}`, source('index.ts')],
        [`@troupe/${name}/internal`, source('internal.ts')],
      ];
    }),
  );
}

/** A module is loaded anew with each `?round=`, which those that import it pass on. */
export async function resolve(specifier, context, next) {
  if (stands.has(specifier) && context.parentURL?.startsWith(sandbox)) {
    return { url: stands.get(specifier), format: 'module', shortCircuit: true };
  }
  const round = /\?round=\d+$/.exec(context.parentURL ?? '')?.[0] ?? '';
  const source = sources.get(specifier);
  if (source !== undefined) return { url: source + round, format: 'module', shortCircuit: true };
  const found = await next(specifier, context);
  return found.url.startsWith(sandbox) && found.url.endsWith('.ts')
    ? { ...found, url: found.url + round, format: 'module' }
    : found;
}

export async function load(url, context, next) {
  const file = url.replace(/\?.*$/, '');
  if (!file.endsWith('.ts')) return next(url, context);
  return { format: 'module', source: sourceOf(fileURLToPath(file)), shortCircuit: true };
}

function sourceOf(file) {
  const known = compiled.get(file);
  if (known !== undefined) return known;
  const { code } = transformSync(readFileSync(file, 'utf8'), {
    filename: file,
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'es6' },
    swcrc: false,
  });
  compiled.set(file, code);
  return code;
}
