import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkSchemas } from './generator/check.mjs';
import { readSchemas } from './generator/read.mjs';
import { renderEvents } from './generator/render.mjs';

// Usage: node generate.mjs [folder of schemas] [file to write]
// Plain JavaScript, because it runs before anything is built and Node 20 cannot read TypeScript.

const here = path.dirname(fileURLToPath(import.meta.url));
const folder = path.resolve(process.argv[2] ?? path.join(here, 'avro'));
const target = path.resolve(process.argv[3] ?? path.join(here, 'src/generated/events.ts'));

const { files, faults: unreadable } = readSchemas(folder);
const faults = [...unreadable, ...checkSchemas(files)];
if (faults.length > 0) {
  console.error([`${target} was not written. To be repaired in ${folder}:`, ...faults].join('\n  '));
  process.exitCode = 1;
} else {
  writeIfChanged(target, renderEvents(files));
}

/** @param {string} file @param {string} text */
function writeIfChanged(file, text) {
  if (contentOf(file) === text) return;
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** @param {string} file */
function contentOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
