import { setTimeout as sleep } from 'node:timers/promises';
import type { Return } from '@troupe/embedded';
import { type Fault, faults, type Stage } from './faults.ts';

/** One round: what is done, and for how long. */
export interface Round {
  /** None in a calm round. */
  readonly faults: readonly Fault[];
  readonly holdMs: number;
  /** Between two faults. */
  readonly apartMs: number;
  readonly calmMs: number;
}

/** The faults that were done, in rounds. */
export interface FaultReport {
  readonly rounds: number;
  readonly calmRounds: number;
  /** How often each fault was done. */
  readonly struck: Readonly<Record<string, number>>;
  /** What could not be healed. */
  readonly unhealed: readonly string[];
}

const CALM = 0.2;
const LIKED = 3;

interface Injection {
  readonly forMs: number;
  readonly signal: AbortSignal;
  onRound(line: string): void;
}

/**
 * Rounds of faults, drawn one after the other, until the time is over. At least one round is calm: where healing took all
 * the time before one came, it is the last. Everything is healed when it returns.
 */
export async function injectFaults(stage: Stage, { forMs, signal, onRound }: Injection): Promise<FaultReport> {
  const end = Date.now() + forMs;
  const liked = stage.dice.some(faults, LIKED);
  const struck: Record<string, number> = {};
  const unhealed: string[] = [];
  const calmAt = stage.dice.between(0, 2);
  let [rounds, calmRounds] = [0, 0];
  for (; (Date.now() < end || calmRounds === 0) && !signal.aborted; rounds += 1) {
    const round = drawn(stage, liked, rounds === calmAt || Date.now() >= end);
    onRound(lineOf(round));
    if (round.faults.length === 0) calmRounds += 1;
    for (const { name } of round.faults) struck[name] = (struck[name] ?? 0) + 1;
    unhealed.push(...(await play(stage, round)));
  }
  return { rounds, calmRounds, struck, unhealed };
}

function lineOf({ faults: drawnFaults, holdMs }: Round): string {
  const names = drawnFaults.map(({ name }) => name).join(', ');
  return `${(holdMs / 1000).toFixed(1)} s: ${names || 'nothing happens'}`;
}

/** Each seed prefers some faults, so that seeds differ. Some rounds have no fault at all. */
function drawn({ dice }: Stage, liked: readonly Fault[], calm: boolean): Round {
  const isCalm = dice.chance(CALM) || calm;
  const from = dice.chance(0.4) ? liked : faults;
  const drawnFaults = dice.some(from, dice.between(1, 3));
  const least = Math.max(...drawnFaults.map(({ leastMs = 0 }) => leastMs));
  return {
    faults: isCalm ? [] : drawnFaults,
    holdMs: Math.max(dice.between(1_000, 8_000), isCalm ? 0 : least),
    apartMs: dice.between(0, 1_500),
    calmMs: dice.between(1_000, 4_000),
  };
}

/** Resolves, with what could not be healed, when it is over. */
async function play(stage: Stage, { faults: drawnFaults, holdMs, apartMs, calmMs }: Round): Promise<string[]> {
  const returns: { readonly fault: Fault; readonly back: Return }[] = [];
  for (const fault of drawnFaults) {
    // What is killed already cannot be killed again.
    const back = await fault.strike(stage).catch(() => undefined);
    if (back !== undefined) returns.push({ fault, back });
    await sleep(apartMs);
  }
  await sleep(holdMs);
  const unhealed: string[] = [];
  for (const turn of ['first', 'then', 'last'] as const) {
    const mine = returns.filter(({ fault }) => fault.heals === turn);
    const healing = mine.map(({ fault, back }) =>
      back().catch((error: Error) => unhealed.push(`${fault.name}: ${error.message}`)),
    );
    await Promise.all(healing);
  }
  await sleep(calmMs);
  return unhealed;
}
