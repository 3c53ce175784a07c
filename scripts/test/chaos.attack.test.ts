import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silent } from '@troupe/embedded';
import { chaos } from '../src/attacks/chaos/run.ts';
import { ATTACKED } from '../src/attacks/settings.ts';
import { type OwnStack, openOwnStack } from '../src/stack/own-stack.ts';

const FOR_MS = 60_000;
/** `CHAOS_SEED=n npm test -- chaos` draws the same faults again. */
const seed = Number(process.env.CHAOS_SEED ?? randomInt(1, 1_000_000));

let own: OwnStack;
beforeAll(async () => {
  own = await openOwnStack({ report: silent, serviceEnv: ATTACKED });
}, 240_000);
afterAll(() => own?.close());

describe('two processes of each service, under orders, while things go wrong', () => {
  it(`lose nothing and do nothing twice (seed ${seed})`, async () => {
    const rounds: string[] = [];
    const { invariants, faults, answers } = await chaos(own.stack, {
      seed,
      forMs: FOR_MS,
      signal: new AbortController().signal,
      onRound: (line) => void rounds.push(line),
    });
    const broken = invariants.filter((invariant) => invariant.broken.length > 0);
    expect({ seed, rounds, broken, unhealed: faults.unhealed }).toEqual({ seed, rounds, broken: [], unhealed: [] });
    expect(faults.rounds).toBeGreaterThan(faults.calmRounds);
    expect(faults.calmRounds).toBeGreaterThan(0);
    expect(answers.ok).toBeGreaterThan(50);
  }, 660_000);
});
