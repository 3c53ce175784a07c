import type { Stack } from '@troupe/embedded';
import { gather } from './crowd.ts';
import { Dice } from './dice.ts';
import { Load } from './load.ts';
import { type StormReport, storm } from './storm.ts';
import { type Verdict, verdictOf } from './verdict.ts';

export interface ChaosPlan {
  readonly seed: number;
  readonly forMs: number;
  readonly signal: AbortSignal;
  /** A line for each round. */
  told(line: string): void;
}

export interface ChaosReport extends Verdict {
  readonly seed: number;
  readonly storm: StormReport;
}

/** Between two orders. */
const EVERY_MS = 150;

/** Two processes of each service under orders and faults, drawn by the seed; then everything is healed and judged. */
export async function chaos(stack: Stack, { seed, ...plan }: ChaosPlan): Promise<ChaosReport> {
  const dice = new Dice(seed);
  const crowd = await gather(stack);
  const load = new Load(crowd.shops, new Dice(seed + 1));
  load.start(EVERY_MS);
  try {
    const stormed = await storm({ stack, crowd, dice }, plan);
    await load.stop();
    await Promise.all(crowd.children.map((child) => child.ready()));
    return { seed, storm: stormed, ...(await verdictOf(stack, load)) };
  } finally {
    await load.stop();
    await crowd.close();
  }
}
