import type { Proved, TraceStep } from '@troupe/prover';
import { table } from '../terminal/table.ts';

const counted = new Intl.NumberFormat('en-US');

export function proofTable(proofs: readonly Proved[]): string[] {
  return table(
    ['scenario', 'states', 'transitions', 'depth', 'seconds', 'MB', 'ends', 'result'],
    proofs.map(({ scenario, states, transitions, depth, seconds, bytes, ends, violation, isComplete }) => [
      scenario.name,
      counted.format(states),
      counted.format(transitions),
      depth,
      seconds.toFixed(1),
      Math.ceil(bytes / 1_048_576),
      ends.length,
      violation !== undefined ? 'WRONG' : isComplete ? 'holds' : 'cut',
    ]),
  );
}

export function endLines(proofs: readonly Proved[]): string[] {
  return proofs.flatMap(({ scenario, ends }) =>
    ends.length === 0
      ? []
      : [
          `Ends of ${scenario.name}:`,
          ...table(
            ['end', 'states', 'ways', 'steps of the shortest'],
            ends.map(({ end, states, paths, shortest }) => [end, states, paths.toPrecision(3), shortest.length]),
          ),
          '',
        ],
  );
}

/** A way to a fault as a story. */
export function storyLines(
  scenario: string,
  { fault, steps }: { readonly fault: string; readonly steps: readonly TraceStep[] },
): string[] {
  return [`${scenario}: ${fault}`, ...steps.map(({ label }, at) => `  ${String(at + 1).padStart(2)}. ${label}`)];
}
