import { firstIdAt, gauge, type Log, type StuckMonitor } from '@troupe/chassis';
import type { PrismaClient } from '@troupe/order-database';
import { streamsOf } from '../repository.ts';
import { type OrderProgress, standsAt } from './order-progress.ts';

/** The most open orders in one look, which bounds its cost when everything is stuck. */
const PAGE = 500;
const MOST = 2_000;

const stuckSagas = gauge({
  name: 'troupe_sagas_stuck',
  help: `Orders that make no progress, by the service that owes the next step; of the oldest ${MOST} open orders.`,
  label: 'at',
});
const PLACES: readonly OrderProgress['owes'][] = ['payment', 'inventory', 'shipping', 'order'];

export interface StuckRules {
  /** How long one step of an order may take before the order is reported. */
  readonly stepAllowedMs: number;
}

export interface StuckPage {
  readonly items: readonly OrderProgress[];
  /** Where to go on; undefined: that was all. */
  readonly next: string | undefined;
}

/**
 * Orders that make no progress, oldest first, after the given one. It reads open orders only, by their index, and only those
 * old enough to be late. It reads at most `MOST` of them, so a page may have fewer than `limit` and still a next page.
 */
export async function stuckOrders(
  database: PrismaClient,
  { stepAllowedMs }: StuckRules,
  { behind, limit, now }: { readonly behind: string | undefined; readonly limit: number; readonly now: Date },
): Promise<StuckPage> {
  const items: OrderProgress[] = [];
  let last = behind;
  for (let seen = 0; seen < MOST; seen += PAGE) {
    const open = await openOrders(database, last, firstIdAt(new Date(now.getTime() - stepAllowedMs)));
    const streams = await streamsOf(database, open);
    for (const orderId of open) {
      const place = standsAt(streams.get(orderId) ?? [], now, stepAllowedMs);
      if (place?.overdue && items.push(place) > limit) return { items: items.slice(0, limit), next: last };
      last = orderId;
    }
    if (open.length < PAGE) return { items, next: undefined };
  }
  return { items, next: last };
}

async function openOrders(database: PrismaClient, behind: string | undefined, before: string): Promise<string[]> {
  const rows = await database.$queryRawUnsafe<{ id: string }[]>(
    `SELECT order_id::text AS id FROM orders WHERE open AND order_id > $1::uuid AND order_id < $2::uuid
     ORDER BY order_id LIMIT ${PAGE}`,
    behind ?? '00000000-0000-0000-0000-000000000000',
    before,
  );
  return rows.map(({ id }) => id);
}

/** Counts stuck orders by the service that owes the next step, and logs each once when it gets stuck there. */
export function stuckLookout(
  database: PrismaClient,
  rules: StuckRules & { readonly everyMs: number },
  log: Log,
): StuckMonitor {
  let known = new Map<string, OrderProgress['owes']>();
  return {
    name: 'stuck orders',
    everyMs: rules.everyMs,
    async look() {
      const { items } = await stuckOrders(database, rules, { behind: undefined, limit: MOST, now: new Date() });
      for (const at of PLACES) stuckSagas.set(at, items.filter(({ owes }) => owes === at).length);
      for (const place of items) if (known.get(place.orderId) !== place.owes) tell(log, place);
      known = new Map(items.map(({ orderId, owes }) => [orderId, owes]));
    },
  };
}

function tell(log: Log, { orderId, owes, status, expected, since, allowedMs, lastEvent, cause }: OrderProgress): void {
  const about = { order_id: orderId, at: owes, status, expected, since, allowed_ms: allowedMs, last_event: lastEvent };
  log.warn(cause === undefined ? about : { ...about, cause }, `an order is stuck: ${owes} owes the next step`);
}
