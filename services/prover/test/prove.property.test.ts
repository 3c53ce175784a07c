import { describe, expect, it } from '@jest/globals';
import { DEFAULT_BOUNDS, prove, type Scenario, scenarios } from '@troupe/prover';

const [{ one, two }, without] = [DEFAULT_BOUNDS, { ...DEFAULT_BOUNDS, one: { ...DEFAULT_BOUNDS.one, faults: 0 } }];

function scenarioOf(name: string, bounds = without, notification: Scenario['placed']['notification'] = 'at once') {
  const found = scenarios(bounds, notification).find((scenario) => scenario.name === name);
  if (found === undefined) throw new Error(`There is no scenario ${name}.`);
  return found;
}

// The rest is in prove.seeds.test.ts.
describe('every state is right, and every end', () => {
  it.each([
    ['one fault, out of stock', scenarioOf('choreographed: one order, out of stock', { one, two })],
    ['no fault, choreographed', scenarioOf('choreographed: one order')],
    ['no fault, orchestrated', scenarioOf('orchestrated: one order')],
  ])('with %s', async (_, scenario) => {
    const { violation, isComplete, ends } = await prove(scenario, { most: 1_000_000 });
    expect(violation).toBeUndefined();
    expect(isComplete).toBe(true);
    expect(ends.length).toBeGreaterThan(5);
  });

  it('whether notification handles at once what it hears, or step by step', async () => {
    const reduced = await prove(scenarioOf('choreographed: one order'), { most: 1_000_000 });
    const full = await prove(scenarioOf('choreographed: one order', without, 'step by step'), { most: 1_000_000 });
    expect(full.violation).toBeUndefined();
    expect(full.states).toBeGreaterThan(reduced.states);
    expect(full.ends.map(({ end }) => end)).toEqual(reduced.ends.map(({ end }) => end));
  });
});
