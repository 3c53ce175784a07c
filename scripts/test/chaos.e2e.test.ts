import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silent } from '@troupe/embedded';
import { type OpenArena, openArena } from '../src/attacks/arena.ts';
import { chaos } from '../src/attacks/chaos/run.ts';

const FOR_MS = 60_000;
/** `CHAOS_SEED=n npm test -- chaos` draws the same faults again. */
const seed = Number(process.env.CHAOS_SEED ?? randomInt(1, 1_000_000));

let arena: OpenArena;
beforeAll(async () => {
  arena = await openArena({ report: silent });
}, 240_000);
afterAll(() => arena?.close());

describe('two processes of each service, under orders, while things go wrong', () => {
  it(`lose nothing and do nothing twice (seed ${seed})`, async () => {
    const told: string[] = [];
    const { invariants, storm, answers } = await chaos(arena, {
      ...{ seed, forMs: FOR_MS, signal: new AbortController().signal },
      told: ({ faults }) => void told.push(faults.map(({ name }) => name).join(', ') || 'nothing'),
    });
    const broken = invariants.filter((invariant) => invariant.broken.length > 0);
    expect({ seed, told, broken, unhealed: storm.unhealed }).toEqual({ seed, told, broken: [], unhealed: [] });
    expect(storm.rounds).toBeGreaterThan(storm.calmRounds);
    expect(storm.calmRounds).toBeGreaterThan(0);
    expect(answers.ok).toBeGreaterThan(50);
  }, 660_000);
});
