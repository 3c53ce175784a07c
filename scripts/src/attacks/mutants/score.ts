import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectHome } from '@troupe/embedded';
import { type Row, table } from '../../terminal/table.ts';

interface Mutant {
  readonly status: 'Killed' | 'Timeout' | 'Survived' | 'NoCoverage' | 'Ignored' | 'RuntimeError' | 'CompileError';
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly location: { readonly start: Place; readonly end: Place };
}
interface Place {
  readonly line: number;
  readonly column: number;
}
interface Report {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>;
}

/** What became of the mutants of a part. */
export interface Score {
  readonly part: string;
  readonly killed: number;
  readonly survived: number;
  /** No test gets there. */
  readonly noCoverage: number;
  /** Found as well: with them a test never ends. */
  readonly timeOuts: number;
  /** Each that was not found, as a line. */
  readonly survivors: readonly string[];
}

/** Reads the report that Stryker has left of a part. What was left alone, or could not be run at all, does not count. */
export function scoreOf(part: string, report: string): Score {
  const { files } = JSON.parse(readFileSync(path.join(projectHome, report), 'utf8')) as Report;
  const mutants = Object.values(files).flatMap((file) => file.mutants);
  const count = (status: Mutant['status']): number => mutants.filter((mutant) => mutant.status === status).length;
  return {
    part,
    killed: count('Killed'),
    survived: count('Survived'),
    noCoverage: count('NoCoverage'),
    timeOuts: count('Timeout'),
    survivors: Object.entries(files).flatMap(([name, { source, mutants }]) =>
      mutants.filter(isAlive).map((mutant) => `${name}:${mutant.location.start.line}  ${changeOf(source, mutant)}`),
    ),
  };
}

const isAlive = ({ status }: Mutant): boolean => status === 'Survived' || status === 'NoCoverage';

function changeOf(source: string, { mutatorName, replacement = '', location: { start, end } }: Mutant): string {
  const line = source.split('\n')[start.line - 1] ?? '';
  const before = line.slice(start.column - 1, start.line === end.line ? end.column - 1 : undefined);
  return `${mutatorName}: ${before} → ${replacement.replace(/\s+/g, ' ')}`;
}

export const made = ({ killed, survived, noCoverage, timeOuts }: Score): number =>
  killed + survived + noCoverage + timeOuts;

/** Of a hundred mutants, so many are found. */
export function percent(scores: readonly Score[]): number {
  const all = scores.reduce((sum, score) => sum + made(score), 0);
  const found = scores.reduce((sum, { killed, timeOuts }) => sum + killed + timeOuts, 0);
  return all === 0 ? 0 : (100 * found) / all;
}

export function scoreLines(scores: readonly Score[]): string[] {
  const row = (name: string, of: readonly Score[]): Row => {
    const sum = (what: 'killed' | 'survived' | 'noCoverage' | 'timeOuts') =>
      of.reduce((total, score) => total + score[what], 0);
    const mutants = of.reduce((total, score) => total + made(score), 0);
    const counts = [sum('killed'), sum('survived'), sum('noCoverage'), sum('timeOuts')];
    return [name, mutants, ...counts, `${percent(of).toFixed(1)} %`];
  };
  const rows = scores.map((score) => row(score.part, [score]));
  const all = scores.length > 1 ? [row('all', scores)] : [];
  return table(['part', 'mutants', 'killed', 'survived', 'no coverage', 'time-outs', 'score'], [...rows, ...all]);
}
