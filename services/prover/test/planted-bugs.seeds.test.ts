import { describe, expect, it } from '@jest/globals';
import { BUGS, DEFAULT_BOUNDS, prove, replay, scenarios } from '@troupe/prover';

/** One order of each style first: nearly all bugs show there. */
const all = [...scenarios(DEFAULT_BOUNDS, 'at once')].sort(
  (a, b) => a.orders - b.orders || a.name.length - b.name.length,
);

async function firstViolation(bug: string) {
  for (const scenario of all) {
    const change = BUGS[bug];
    const { violation } = await prove(scenario, { most: 2_000_000, ...(change && { change }) });
    if (violation !== undefined) return { scenario, bug, fault: violation.fault, steps: violation.trace };
  }
  return undefined;
}

describe('a proof with a bug planted finds it, with a shortest way that can be gone again:', () => {
  it.each(Object.keys(BUGS))('%s', async (bug) => {
    const trace = await firstViolation(bug);
    if (trace === undefined) throw new Error(`${bug} was not found in any scenario.`);
    const again = await replay(trace);
    expect(again.kind).toBe('replayed');
    // Without the bug the same steps do no harm, or are not possible.
    const { bug: _, ...sound } = trace;
    const mended = await replay(sound);
    expect(mended.kind === 'impossible' || mended.faults.length === 0).toBe(true);
  });
});
