import { describe, expect, it } from '@jest/globals';
import { DEFAULT_BOUNDS, prove, replayOnRuntime, type Scenario, scenarios } from '@troupe/prover';

const without = { ...DEFAULT_BOUNDS, one: { ...DEFAULT_BOUNDS.one, faults: 0 } };
const all = scenarios(without, 'at once').filter(({ orders }) => orders === 1);

// The model of databases and topics is held to the production unit of work; proof.int holds it to real databases.
describe('the shortest way to an end, on the production runtime, ends there too', () => {
  it.each(all.map((scenario): [string, Scenario] => [scenario.name, scenario]))('%s', async (_, scenario) => {
    const { ends } = await prove(scenario, { most: 1_000_000 });
    for (const { end, shortest } of ends) {
      const { statuses, contradictions } = await replayOnRuntime({ scenario, fault: '', steps: shortest });
      const { order, payment, reservation, shipment } = statuses;
      expect(contradictions).toEqual([]);
      expect(`${order}: payment ${payment}, reservation ${reservation}, shipment ${shipment}`).toBe(
        end.replace(/ \([A-Z_]+\):/, ':'),
      );
    }
  });
});
