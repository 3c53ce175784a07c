import type { Stack } from '@troupe/embedded';
import { Dice } from './dice.ts';
import { type FaultReport, injectFaults } from './inject-faults.ts';
import { Load } from './load.ts';
import { startTargets } from './targets.ts';
import { type Verdict, verdictOf } from './verdict.ts';

export interface ChaosPlan {
  readonly seed: number;
  readonly forMs: number;
  readonly signal: AbortSignal;
  /** A line for each round. */
  onRound(line: string): void;
}

export interface ChaosReport extends Verdict {
  readonly seed: number;
  readonly faults: FaultReport;
}

/** Between two orders. */
const EVERY_MS = 150;

/** Two processes of each service under orders and faults, drawn by the seed; then everything is healed and judged. */
export async function chaos(stack: Stack, { seed, ...plan }: ChaosPlan): Promise<ChaosReport> {
  const dice = new Dice(seed);
  const targets = await startTargets(stack);
  const load = new Load(targets.shops, new Dice(seed + 1));
  load.start(EVERY_MS);
  try {
    const injected = await injectFaults({ stack, targets, dice }, plan);
    await load.stop();
    await Promise.all(targets.children.map((child) => child.ready()));
    return { seed, faults: injected, ...(await verdictOf(stack, load)) };
  } finally {
    await load.stop();
    await targets.close();
  }
}
