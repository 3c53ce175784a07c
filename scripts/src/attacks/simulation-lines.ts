import { COVERAGE_POINTS, type Failure, type Tally } from '@troupe/simulation';
import { table } from '../terminal/table.ts';

/** More sentences about one seed say nothing new. */
const MOST = 6;

/** A failure for people: what was wrong, which faults it needs, and how to see it again. */
export function failureLines(
  { seed, violations, injected, outage, shrunk }: Failure,
  bug: string | undefined,
): string[] {
  const again = bug === undefined ? '' : ` --bug ${JSON.stringify(bug)}`;
  return [
    `Seed ${seed} ended wrong:`,
    ...violations.slice(0, MOST).map((violation) => `  ✗ ${violation}`),
    ...(outage === undefined ? [] : [`  From some moment on it was without ${outage}.`]),
    `  It had ${injected.length} faults. Something is still wrong with these ${shrunk.injected.length}:`,
    ...shrunk.injected.map(({ name, where }) => `    ${name}: ${where}`),
    ...shrunk.violations.slice(0, MOST).map((violation) => `    ✗ ${violation}`),
    `  Again: npm run sim -- --seed ${seed}${again}`,
    '  Keep it: add it to services/simulation/test/regressions.json, with a sentence about what it found.',
    '',
  ];
}

export function sometimesLines({ seen }: Tally): string[] {
  return table(
    ['met in seeds', 'what'],
    COVERAGE_POINTS.map((name) => [seen.get(name) ?? 0, name]),
  );
}

export function summaryLine({ seeds, orders, injected, failures }: Tally, seconds: number): string {
  const rate = Math.round(seeds / seconds);
  return `${seeds} seeds, ${orders} orders, ${injected} faults, ${failures.length} wrong; ${seconds.toFixed(1)} s, ${rate} seeds per second.`;
}
