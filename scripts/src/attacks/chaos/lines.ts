import { sum } from '../../measure/statistics.ts';
import { table } from '../../terminal/table.ts';
import type { ChaosReport } from './run.ts';

/** What was done, what was ordered, what became of it, and what of all that must hold does not. */
export function lines({ seed, faults, answers, ends, invariants, restedAfterMs, audit }: ChaosReport): string[] {
  const broken = invariants.filter((invariant) => invariant.broken.length > 0);
  const counted = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .sort()
      .map(([word, count]) => `${count} ${word}`)
      .join(', ');
  return [
    ...table(['fault', 'times'], Object.entries(faults.struck).sort()),
    '',
    `${faults.rounds} rounds, ${faults.calmRounds} of them without faults; ${sum(Object.values(faults.struck))} faults.`,
    `First answers to orders: ${counted(answers)}.`,
    `Ends: ${counted(ends)}.`,
    `${audit.seen.records} records on the topics, ${audit.seen.duplicates} of them published again.`,
    `All was at rest ${(restedAfterMs / 1000).toFixed(1)} s after the last fault was healed.`,
    ...faults.unhealed.map((part) => `✗ not healed: ${part}`),
    ...broken.flatMap(({ rule, broken: what }) => [`✗ ${rule}:`, ...what.map((line) => `    ${line}`)]),
    `${invariants.length} invariants, ${broken.length} broken. Seed ${seed}.`,
  ];
}
