import { serviceNames } from '@troupe/embedded';
import type { Meter } from '../measure/meter/meter.ts';
import { sum } from '../measure/statistics.ts';
import type { Placed } from '../measure/target.ts';
import { backlogOf } from './backlog.ts';
import type { GrowthStep, Played, Stage } from './stage.ts';

const FACTOR = 10;

/** A backlog, and one ten times as large on the same databases: does a saga cost the same beside many others? */
export async function growth(stage: Stage): Promise<Played> {
  const steps: GrowthStep[] = [];
  const placed: (readonly Placed[])[] = [];
  for (const count of [stage.orders, FACTOR * stage.orders]) {
    const step = await backlogOf(stage, count);
    placed.push(step.placed);
    const { orders, sagasPerSecond = 0, cpuMsPerSaga } = step.figures;
    // Said at once: what comes behind it may take long, and go wrong.
    stage.report.note(`  growth, ${orders} orders: ${sagasPerSecond.toFixed(0)} sagas per second, not checked yet`);
    steps.push({
      orders,
      sagasPerSecond,
      ...(cpuMsPerSaga !== undefined && { cpuMsPerSaga }),
      ...(stage.meter && { megabytes: ofServices(stage.meter) }),
    });
  }
  const all = placed.flat();
  return { placed: all, figures: { name: 'growth', orders: all.length, steps } };
}

function ofServices(meter: Meter): number {
  const services = meter.memory().filter(({ name }) => (serviceNames as readonly string[]).includes(name));
  return sum(services.map(({ megabytes }) => megabytes));
}
