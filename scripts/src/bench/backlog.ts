import { inFlight } from '../measure/loads.ts';
import { type DatabaseUse, databaseCosts, databaseUse } from '../measure/meter/database-meter.ts';
import type { Meter } from '../measure/meter/meter.ts';
import { type BenchOrder, mixedOrder } from '../measure/mix.ts';
import { allNotified, IN_FLIGHT, place, sagasPerSecond } from '../measure/target.ts';
import { cpu, ended, ownSite, type Played, type Stage } from './stage.ts';

/** Places orders while the other services stand still. Then they go on, and the time runs from there. */
export async function backlogOf({ site, target, meter }: Stage, orders: number): Promise<Played> {
  const { adminUrl, pause } = ownSite(site, 'backlog');
  const goOn = pause();
  let waiting: readonly (BenchOrder & { readonly orderId: string })[];
  let before: DatabaseUse;
  let begun: ReturnType<Meter['begin']> | undefined;
  try {
    waiting = await inFlight(orders, IN_FLIGHT, async (index) => {
      const order = mixedOrder(index);
      return { ...order, ...(await place(target, order)) };
    });
    before = await databaseUse(adminUrl);
    begun = meter?.begin();
  } finally {
    goOn();
  }
  const start = performance.now();
  const placed = await ended(target, waiting);
  const elapsedMs = performance.now() - start;
  await allNotified(target, placed);
  const figures = {
    name: 'backlog',
    orders,
    sagasPerSecond: sagasPerSecond({ orders: placed, elapsedMs }),
    ...cpu(meter, begun, orders),
    database: databaseCosts(before, await databaseUse(adminUrl), orders),
  } as const;
  return { placed, figures };
}
