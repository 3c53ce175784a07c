import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silent } from '@troupe/embedded';
import { fewRounds } from '../src/attacks/failpoints/cases.ts';
import { playRound } from '../src/attacks/failpoints/round.ts';
import { ATTACKED } from '../src/attacks/settings.ts';
import { type OwnStack, openOwnStack } from '../src/stack/own-stack.ts';

let own: OwnStack;
beforeAll(async () => {
  own = await openOwnStack({ report: silent, serviceEnv: ATTACKED });
}, 240_000);
afterAll(() => own?.close());

const titled = fewRounds.map((cases) => {
  return [cases.map(({ service, point }) => `${service} at ${point}`).join(', '), cases] as const;
});

describe('a service that is killed at a moment of our choice loses nothing and does nothing twice:', () => {
  it.each(titled)(
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
