import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * One `.avsc` as it lies in the folder, before anything is believed about its content.
 * @typedef {{ readonly file: string, readonly owner: string, readonly name: string, readonly schema: any }} SchemaFile
 */

/**
 * Reads `<folder>/<owner>/<Event>.avsc`, sorted, so that the output does not depend on the file system.
 * @param {string} folder
 * @returns {{ files: SchemaFile[], faults: string[] }}
 */
export function readSchemas(folder) {
  /** @type {SchemaFile[]} */
  const files = [];
  /** @type {string[]} */
  const faults = [];
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!file.endsWith('.avsc')) continue;
    const [owner = '', base = '', ...deeper] = file.split(path.sep);
    if (base === '' || deeper.length > 0) {
      faults.push(`${file}: lies in no owner's folder. Move it to <owner>/<Event>.avsc.`);
      continue;
    }
    try {
      const schema = JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
      files.push({ file: `${owner}/${base}`, owner, name: base.slice(0, -'.avsc'.length), schema });
    } catch (error) {
      faults.push(`${file}: is not JSON (${/** @type {Error} */ (error).message}). Correct its syntax.`);
    }
  }
  if (files.length === 0 && faults.length === 0) faults.push('no <owner>/<Event>.avsc found. Add one.');
  return { files, faults };
}
