import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silent } from '@troupe/embedded';
import { allCases, inRounds } from '../src/attacks/failpoints/cases.ts';
import { playRound } from '../src/attacks/failpoints/round.ts';
import { ATTACKED } from '../src/attacks/settings.ts';
import { type OwnStack, openOwnStack } from '../src/stack/own-stack.ts';

let own: OwnStack;
beforeAll(async () => {
  own = await openOwnStack({ report: silent, serviceEnv: ATTACKED });
}, 240_000);
afterAll(() => own?.close());

/** All services die at a point at the same time: a third of the time that they take one after the other. */
const rounds = inRounds(allCases, true).map((cases) => [cases[0]?.point, cases] as const);

describe('services that are killed at a moment of our choice lose nothing and do nothing twice:', () => {
  it.each(rounds)(
    '%s',
    async (_, cases) => {
      const results = await playRound(own.stack, cases);
      expect(results.map(({ service, point, faults }) => ({ service, point, faults }))).toEqual(
        cases.map((one) => ({ ...one, faults: [] })),
      );
    },
    450_000,
  );
});
