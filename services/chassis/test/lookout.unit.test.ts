import { describe, expect, it } from '@jest/globals';
import type { Log } from '../src/log.ts';
import { Lookouts } from '../src/lookout.ts';
import { until } from './shop.ts';

describe('a lookout', () => {
  it('looks again and again, also after a look that failed, until it is stopped', async () => {
    const told: unknown[] = [];
    const log = { warn: (...said: unknown[]) => told.push(said) } as unknown as Log;
    let looks = 0;
    const look = async () => {
      looks += 1;
      if (looks === 2) throw new Error('the database is away');
    };
    const lookouts = new Lookouts([{ name: 'stuck orders', everyMs: 1, look }], log);
    lookouts.start();
    await until(() => looks >= 4);
    await lookouts.stop();
    const atStop = looks;
    await new Promise((resolve) => setImmediate(resolve));
    expect(looks).toBe(atStop);
    expect(told).toEqual([[expect.anything(), 'cannot look for stuck orders; trying again']]);
  });

  it('does not wait for its next look when it is stopped', async () => {
    const lookouts = new Lookouts([{ name: 'nothing', everyMs: 3_600_000, look: async () => {} }], {} as Log);
    lookouts.start();
    await lookouts.stop();
  });
});
