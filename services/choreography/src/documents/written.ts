import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { events } from '@troupe/schemas';
import type { Choreography } from '../map/choreography.ts';
import { type Document, documentsOf, WRITE_COMMAND } from './documents.ts';

/**
 * The documents that are not as the map has them.
 *
 * @param root the project's folder
 */
export function staleDocuments(root: string, map: Choreography): readonly Document[] {
  const readme = textOf(root, 'README.md') ?? '';
  const documents = documentsOf(map, { events, readme, ends: textOf(root, 'docs/ends.json') });
  return documents.filter(({ file, text }) => textOf(root, file) !== text);
}

/** Writes those that are stale, and says which: names of files. */
export function writeDocuments(root: string, map: Choreography): readonly string[] {
  const stale = staleDocuments(root, map);
  for (const { file, text } of stale) writeFileSync(path.join(root, file), text);
  return stale.map(({ file }) => file);
}

/** What to say of stale documents; undefined when there are none. */
export function staleSentence(stale: readonly Document[]): string | undefined {
  if (stale.length === 0) return undefined;
  const files = stale.map(({ file }) => file).join(', ');
  return `${files}: not what the reaction tables and schemas say. Run \`${WRITE_COMMAND}\` and commit what it writes.`;
}

function textOf(root: string, file: string): string | undefined {
  const whole = path.join(root, file);
  return existsSync(whole) ? readFileSync(whole, 'utf8') : undefined;
}
