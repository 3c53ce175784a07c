import { readdirSync } from 'node:fs';
import path from 'node:path';
import { projectHome, StartError } from '@troupe/embedded';

/** The commands that run tests, with the kinds of files that each runs. A file's kind is in its name: `<subject>.<kind>.test.ts`. */
export const TIERS = {
  /** What a change is tried with: it is to take about ten minutes on two quiet cores. */
  test: { alone: ['unit', 'property'], onStack: ['int', 'e2e'] },
  /** The long rest. */
  attacks: { alone: ['seeds'], onStack: ['attack'] },
} as const;
export type Tier = keyof typeof TIERS;

/** What `npm run test:docker` runs: on containers, for which there has to be an engine. No words of another tier reach it. */
export const DOCKER = 'docker';

const KINDS = [
  ...Object.values(TIERS).flatMap(({ alone, onStack }): readonly string[] => [...alone, ...onStack]),
  DOCKER,
];
/** Folders with packages, each of which has its tests in `test`. */
const FOLDERS = ['infra', 'schemas', 'scripts', 'services'];
const ELSEWHERE = new Set(['node_modules', 'dist', 'generated']);

/** Every test file of the project, relative to it. */
export function testFiles(): string[] {
  return FOLDERS.flatMap(filesBelow).filter((file) => file.endsWith('.test.ts'));
}

/** Files whose name has no kind that a tier runs: nobody would run them. */
export function withoutTier(files: readonly string[]): string[] {
  return files.filter((file) => !KINDS.includes(/\.(\w+)\.test\.ts$/.exec(file)?.[1] ?? ''));
}

/** @throws StartError that names the test files that no tier runs. */
export function mustAllBeRun(): void {
  const lost = withoutTier(testFiles());
  if (lost.length === 0) return;
  const ends = KINDS.map((kind) => `.${kind}.test.ts`).join(', ');
  throw new StartError(lost.map((file) => `Nobody runs ${file}: let its name end with one of ${ends}.`));
}

function filesBelow(folder: string): string[] {
  return readdirSync(path.join(projectHome, folder), { withFileTypes: true }).flatMap((entry) => {
    const inside = path.join(folder, entry.name);
    if (!entry.isDirectory()) return [inside];
    return ELSEWHERE.has(entry.name) ? [] : filesBelow(inside);
  });
}
