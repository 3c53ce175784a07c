import type { Report } from '@troupe/audit';
import { table } from '../terminal/table.ts';

/** A report for people: every check with its count, and of those that found something, what they found. */
export function auditLines({ seen, results, healthy }: Report): string[] {
  const found = results.filter(({ count }) => count > 0);
  return [
    ...table(
      ['check', 'found', 'what must hold'],
      results.map(({ check, count }) => [check.name, count, check.rule]),
    ),
    '',
    ...found.flatMap(({ check, count, findings }) => [
      `✗ ${check.name}: ${count}`,
      ...findings.map(({ id, what }) => `    ${id}: ${what}`),
      ...(count > findings.length ? [`    … and ${count - findings.length} more`] : []),
    ]),
    `${seen.orders} orders, ${seen.records} records on the topics (${seen.duplicates} of them published again), ` +
      `${seen.openLetters} open dead letters.`,
    healthy
      ? `Everything holds: ${results.length} checks, nothing found.`
      : `${found.length} of ${results.length} checks found something.`,
  ];
}
