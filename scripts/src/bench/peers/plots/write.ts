import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { StartError } from '@troupe/embedded';
import type { PeersFigures } from '../runs.ts';
import { plotsOf } from './plots.ts';

/**
 * Writes the pictures of a comparison into a folder, and the JSON that they were drawn from beside them. Answers their
 * names. @throws StartError when the file is none of `--peers --json`, or tells of runs that went wrong.
 */
export function writePlots(file: string, folder: string): string[] {
  const figures = figuresIn(file);
  const plots = plotsOf(figures);
  mkdirSync(folder, { recursive: true });
  for (const [name, svg] of plots) writeFileSync(path.join(folder, name), svg);
  writeFileSync(path.join(folder, 'peers.json'), `${JSON.stringify(figures, undefined, 1)}\n`);
  return [...plots.keys(), 'peers.json'];
}

function figuresIn(file: string): PeersFigures {
  const fault = (why: string) =>
    new StartError([`${file} ${why}. Give the output of: npm run --silent bench -- --peers --json`]);
  let read: (PeersFigures & { readonly ok: boolean }) | undefined;
  try {
    read = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw fault(`cannot be read: ${(error as Error).message}`);
  }
  if (!Array.isArray(read?.measured)) throw fault('holds no comparison');
  if (!read.ok) throw fault('tells of runs that went wrong');
  return read;
}
