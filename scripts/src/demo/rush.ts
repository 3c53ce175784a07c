import { inFlight } from '../measure/loads.ts';
import { countBy } from '../measure/statistics.ts';
import { type Check, check, outcome, shipmentOf } from './expectation.ts';
import { printSaga, type Scene } from './play-story.ts';
import { type Accepted, Refused, type Shop } from './shop.ts';
import type { StoryResult } from './story-result.ts';
import { TooLate, until } from './until.ts';

const SKU = 'SKU-050';
const ORDERS = 200;
const UNITS = 50;
/** Enough to be quick, and few enough to be no load test. */
const AT_ONCE = 25;
const SETTLED_MS = 60_000;

export const rush = {
  name: 'rush',
  title: `${ORDERS} orders at once for ${SKU}, of which there are ${UNITS}`,
};

/** What one order of the rush came to, in one line each. */
export interface RushedOrder {
  readonly order: string;
  readonly payment: string;
  readonly shipment: string;
  readonly notified: string;
}

/** Every buyer gets the product or the money back, and none is sold twice. */
export async function playRush({ shop, say }: Scene): Promise<StoryResult> {
  const start = Date.now();
  const stamped = (line: string): void => say(`${String(Date.now() - start).padStart(6)} ms  ${line}`);
  const over = (rest: Pick<StoryResult, 'orders' | 'checks' | 'failure'>): StoryResult => ({
    ...rush,
    ms: Date.now() - start,
    ...rest,
  });
  try {
    const available = await prepare(shop, stamped);
    const before = await shop.stock(SKU);
    const placed = await Promise.all(
      Array.from({ length: ORDERS }, () => shop.place({ sku: SKU, quantity: 1, token: 'tok_ok' })),
    );
    stamped(`${ORDERS} orders placed`);
    await allEnded(shop, placed, stamped);
    const expected = expectedOf(Math.min(available, ORDERS));
    let latest: Check[] = [];
    const look = async (): Promise<Check[] | undefined> => {
      const rushed = await inFlight(ORDERS, AT_ONCE, (index) => rushedOrder(shop, placed[index] as Accepted));
      const after = await shop.stock(SKU);
      const sold = after.shipped - before.shipped;
      latest = [...rushChecks(expected, rushed), ...stockChecks({ ...after, sold }, available)];
      return latest.every(({ ok }) => ok) ? latest : undefined;
    };
    const settled = await until('all is as it must be', look, SETTLED_MS).catch((error) => keepIfLate(error, latest));
    const orders = await examples(shop, placed);
    for (const { orderId } of orders) await printSaga(shop, orderId, stamped);
    return over({ orders, checks: settled });
  } catch (error) {
    if (!(error instanceof TooLate || error instanceof Refused)) throw error;
    return over({ orders: [], checks: [], failure: error.message });
  }
}

/** Restocks to 50 units, which an earlier run may have sold. More than 50 are left as they are. */
async function prepare(shop: Shop, say: (line: string) => void): Promise<number> {
  const { available } = await shop.stock(SKU);
  if (available < UNITS) {
    await shop.restock(SKU, UNITS - available);
    say(`${SKU} had ${available} units left: restocked to ${UNITS}`);
    return UNITS;
  }
  if (available > UNITS) {
    say(
      `${SKU} has ${available} units, since somebody restocked it: that many orders are to be confirmed, at most ${ORDERS}`,
    );
  }
  return available;
}

async function allEnded(shop: Shop, placed: readonly Accepted[], say: (line: string) => void): Promise<void> {
  let ended = 0;
  await inFlight(ORDERS, ORDERS, async (index) => {
    const { orderId } = placed[index] as Accepted;
    await until(`order ${orderId} is at its end`, async () => {
      const { status } = await shop.order(orderId, 10);
      return status === 'CONFIRMED' || status === 'CANCELLED' ? status : undefined;
    });
    ended += 1;
    if (ended % 50 === 0) say(`${ended} of ${ORDERS} are at their end`);
  });
}

async function rushedOrder(shop: Shop, { orderId }: Accepted): Promise<RushedOrder> {
  const [order, payment, shipment, notifications] = await Promise.all([
    shop.order(orderId),
    shop.payment(orderId),
    shop.shipment(orderId),
    shop.notifications(orderId),
  ]);
  const notified = notifications.map(({ template, status }) => `${template} ${status}`).join(', ');
  return { order: outcome(order), payment: payment?.status ?? 'none', shipment: shipmentOf(shipment), notified };
}

/** How many orders must come to what. */
function expectedOf(confirmed: number): Map<string, number> {
  const won = { order: 'CONFIRMED', payment: 'COMPLETED', shipment: 'SCHEDULED', notified: 'ORDER_CONFIRMED SENT' };
  const lost = {
    order: 'CANCELLED OUT_OF_STOCK',
    payment: 'REFUNDED',
    shipment: 'none',
    notified: 'ORDER_CANCELLED SENT',
  };
  const counts = [[kindOf(won), confirmed] as const, [kindOf(lost), ORDERS - confirmed] as const];
  return new Map(counts.filter(([, count]) => count > 0));
}

/** One check for each kind of outcome that must be, and one for each that was seen and must not be. */
export function rushChecks(expected: ReadonlyMap<string, number>, rushed: readonly RushedOrder[]): Check[] {
  const seen = countBy(rushed.map(kindOf));
  return [...new Set([...expected.keys(), ...Object.keys(seen)])].map((kind) =>
    check(kind, `${expected.get(kind) ?? 0} orders`, `${seen[kind] ?? 0} orders`),
  );
}

export const kindOf = ({ order, payment, shipment, notified }: RushedOrder): string =>
  `${order}; payment ${payment}; shipment ${shipment}; told ${notified || 'nothing'}`;

interface SoldStock {
  readonly available: number;
  readonly reserved: number;
  readonly sold: number;
}

function stockChecks({ available, reserved, sold }: SoldStock, before: number): Check[] {
  const most = Math.min(before, ORDERS);
  return [
    check('units sold', String(most), String(sold)),
    check('stock left', `${before - most} available, 0 reserved`, `${available} available, ${reserved} reserved`),
  ];
}

/** One order that got the product, and one that did not. */
async function examples(shop: Shop, placed: readonly Accepted[]): Promise<Accepted[]> {
  const statuses = await inFlight(ORDERS, AT_ONCE, (index) => shop.order((placed[index] as Accepted).orderId));
  const indices = ['CONFIRMED', 'CANCELLED'].map((wanted) => statuses.findIndex(({ status }) => status === wanted));
  return indices.flatMap((index) => placed[index] ?? []);
}

function keepIfLate(error: unknown, latest: Check[]): Check[] {
  if (error instanceof TooLate) return latest;
  throw error;
}
