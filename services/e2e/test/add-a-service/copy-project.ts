import { copyFileSync, cpSync, linkSync, mkdirSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs';
import path from 'node:path';

/** What is not the project's own: its history, its data, its caches. */
const LEFT_OUT = new Set(['.git', '.troupe', '.turbo', 'node_modules']);
/** npm writes it in place. */
const WRITTEN_IN_PLACE = new Set(['.package-lock.json']);

/**
 * Copies the project to a folder in which everything may be changed. The files of node_modules are hard links where the
 * file system has them: nobody changes those.
 */
export function copyProject(from: string, to: string): void {
  cpSync(from, to, { recursive: true, filter: (file) => !LEFT_OUT.has(path.relative(from, file)) });
  linkTree(path.join(from, 'node_modules'), path.join(to, 'node_modules'));
}

function linkTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory()) linkTree(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else if (WRITTEN_IN_PLACE.has(entry.name)) copyFileSync(source, target);
    else linkFile(source, target);
  }
}

function linkFile(source: string, target: string): void {
  try {
    linkSync(source, target);
  } catch {
    // Another file system, or one without hard links.
    copyFileSync(source, target);
  }
}
