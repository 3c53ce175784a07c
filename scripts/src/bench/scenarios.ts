import { setTimeout as sleep } from 'node:timers/promises';
import { goodOrder } from '../measure/mix.ts';
import { latencyFigures } from '../measure/statistics.ts';
import { allNotified, burst, latencies } from '../measure/target.ts';
import { backlogOf } from './backlog.ts';
import { growth } from './growth.ts';
import { oneProduct } from './one-product.ts';
import { rush } from './rush.ts';
import { cpu, type Played, type ScenarioName, type Stage } from './stage.ts';

const BUSY = { perSecond: 200, seconds: 10 };
/** After orders the services empty outboxes, vacuum tables and collect garbage for a while. That is no rest. */
const QUIET_MS = 120_000;
const REST_MS = 30_000;

const scenarios: Readonly<Record<ScenarioName, (stage: Stage) => Promise<Played>>> = {
  backlog: (stage) => backlogOf(stage, stage.orders),
  hot,
  busy,
  rest,
  growth,
  rush,
};

export const play = (name: ScenarioName, stage: Stage): Promise<Played> => scenarios[name](stage);

/** All orders want one product. */
async function hot({ target, meter, orders: count }: Stage): Promise<Played> {
  const { orders, begun, rates } = await oneProduct({
    count,
    burst: (load) => burst(target, load),
    settled: (placed) => allNotified(target, placed),
    begin: () => meter?.begin(),
  });
  return { placed: orders, figures: { name: 'hot', orders: count, ...rates, ...cpu(meter, begun, count) } };
}

/** Latency at two hundred orders per second. */
async function busy({ target }: Stage): Promise<Played> {
  const { results, latenciesMs } = await latencies(target, BUSY, goodOrder);
  const latency = latencyFigures(latenciesMs, BUSY.perSecond);
  return { placed: results, figures: { name: 'busy', orders: results.length, latency } };
}

/** Nothing happens, and nothing has happened for two minutes. */
async function rest({ target, meter }: Stage): Promise<Played> {
  await sleep(QUIET_MS, undefined, { signal: target.signal });
  const begun = meter?.begin();
  await sleep(REST_MS, undefined, { signal: target.signal });
  const { cpuMsPerSaga: cpuMs } = cpu(meter, begun, 1);
  const cpuPercent = cpuMs === undefined ? {} : { cpuPercent: (100 * cpuMs) / REST_MS };
  return { placed: [], figures: { name: 'rest', orders: 0, ...cpuPercent } };
}
