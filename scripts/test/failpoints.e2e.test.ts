import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silent } from '@troupe/embedded';
import { type OpenArena, openArena } from '../src/attacks/arena.ts';
import { fewRounds } from '../src/attacks/failpoints/cases.ts';
import { playRound } from '../src/attacks/failpoints/round.ts';

let arena: OpenArena;
beforeAll(async () => {
  arena = await openArena({ report: silent });
}, 240_000);
afterAll(() => arena?.close());

const titled = fewRounds.map((cases) => {
  return [cases.map(({ service, point }) => `${service} at ${point}`).join(', '), cases] as const;
});

describe('a service that is killed at a moment of our choice loses nothing and does nothing twice:', () => {
  it.each(titled)(
    '%s',
    async (_, cases) => {
      const results = await playRound(arena, cases);
      expect(results.map(({ service, point, faults }) => ({ service, point, faults }))).toEqual(
        cases.map((one) => ({ ...one, faults: [] })),
      );
    },
    450_000,
  );
});
