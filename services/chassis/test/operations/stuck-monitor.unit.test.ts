import { describe, expect, it } from '@jest/globals';
import { StuckMonitors } from '../../src/operations/stuck-monitor.ts';
import type { Log } from '../../src/telemetry/log.ts';
import { until } from '../http/shop.ts';

describe('a stuck monitor', () => {
  it('looks again and again, also after a look that failed, until it is stopped', async () => {
    const told: unknown[] = [];
    const log = { warn: (...said: unknown[]) => told.push(said) } as unknown as Log;
    let looks = 0;
    const look = async () => {
      looks += 1;
      if (looks === 2) throw new Error('the database is away');
    };
    const stuckMonitors = new StuckMonitors([{ name: 'stuck orders', everyMs: 1, look }], log);
    stuckMonitors.start();
    await until(() => looks >= 4);
    await stuckMonitors.stop();
    const atStop = looks;
    await new Promise((resolve) => setImmediate(resolve));
    expect(looks).toBe(atStop);
    expect(told).toEqual([[expect.anything(), 'cannot look for stuck orders; trying again']]);
  });

  it('does not wait for its next look when it is stopped', async () => {
    const stuckMonitors = new StuckMonitors([{ name: 'nothing', everyMs: 3_600_000, look: async () => {} }], {} as Log);
    stuckMonitors.start();
    await stuckMonitors.stop();
  });
});
