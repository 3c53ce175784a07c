import { describe, expect, it } from '@jest/globals';
import { rowsWithId, runTrade } from '@troupe/simulation/trade';
import { ping, pong, type Rally, Serve } from './cycle.ts';

const SEEDS = 6;
const LIMIT = 64;

const repository = rowsWithId('matchId');
const services = [ping, pong].map((table) => ({ table, repository }));
const matchId = '01890000-0000-7000-8000-000000000001';
const nobody = { isDone: () => false, perform: () => undefined };
const commands = [{ service: 'ping', command: Serve({ matchId }) }];

async function run(seed: number) {
  const { violations, injected, deadLettersOf, rowsOf } = await runTrade(seed, {
    services,
    external: nobody,
    commands,
  });
  const loops = ['ping', 'pong'].flatMap(deadLettersOf).filter(({ code }) => code === 'EVENT_LOOP');
  const hits = ['ping', 'pong'].map((service) => (rowsOf(service).get(matchId) as Rally).hits);
  return { violations, injected, loops, hits: hits.reduce((sum, of) => sum + of, 0) };
}

describe('events that follow from one another in a cycle of two services', () => {
  it('come to an end as a dead letter EVENT_LOOP, whatever goes wrong, and each replay lets them go on only so far', async () => {
    let calm = 0;
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const { violations, injected, loops, hits } = await run(seed);
      const depths = loops.map(({ record }) => record.headers.ce_depth);
      expect({ seed, depths }).toEqual({ seed, depths: expect.arrayContaining([String(LIMIT + 1)]) });
      // Nobody has mended the cycle, so the latest letter is still there. Nothing else is wrong.
      const others = violations.filter((one) => !/still has a dead letter: (DEAD|QUARANTINED|PARKED)/.test(one));
      expect({ seed, others }).toEqual({ seed, others: [] });
      if (injected.length > 0) continue;
      calm += 1;
      expect({ seed, hits }).toEqual({ seed, hits: LIMIT * loops.length });
    }
    expect(calm).toBeGreaterThan(0);
  });
});
