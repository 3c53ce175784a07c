import type { Stock } from '../measure/views.ts';
import { type Check, checks, type Findings } from './expectation.ts';
import { followProgress } from './progress.ts';
import { sagaChecks, sagaLines } from './saga.ts';
import { type Accepted, Refused, type Shop } from './shop.ts';
import type { Story } from './stories.ts';
import type { StoryResult } from './story-result.ts';
import { TooLate, until } from './until.ts';

/** How long after the order's end its traces may take to be seen everywhere: the e-mail, the shipped stock. */
const SETTLED_MS = 15_000;

export interface Scene {
  readonly shop: Shop;
  say(line: string): void;
}

/** Tells the story of one order: places it, does what belongs to the story, and looks at every service. */
export async function playStory(story: Story, { shop, say }: Scene): Promise<StoryResult> {
  const start = Date.now();
  const stamped = (line: string): void => say(`${String(Date.now() - start).padStart(6)} ms  ${line}`);
  const stream = new AbortController();
  const orders: Accepted[] = [];
  const over = (rest: Pick<StoryResult, 'checks' | 'failure'>): StoryResult => ({
    name: story.name,
    title: story.title,
    orders,
    ms: Date.now() - start,
    ...rest,
  });
  try {
    const stockBefore = await shop.stock(story.purchase.sku);
    const order = await shop.place(story.purchase);
    orders.push(order);
    const { orderId } = order;
    stamped(`placed ${orderId}`);
    const address = `${shop.address('order')}/orders/${orderId}/events`;
    void followProgress(address, stream.signal, ({ name, status }) => stamped(`${name} → ${status}`));
    await story.act?.({ shop, orderId, say: stamped, until });
    const checks = await settled(story, { shop, orderId, stockBefore });
    await printSaga(shop, orderId, stamped);
    return over({ checks });
  } catch (error) {
    if (!(error instanceof TooLate || error instanceof Refused)) throw error;
    return over({ checks: [], failure: error.message });
  } finally {
    stream.abort();
  }
}

/** Says where the saga of an order with an orchestrator can be looked at, and what is seen there; nothing of another. */
export async function printSaga(shop: Shop, orderId: string, say: Scene['say']): Promise<void> {
  const saga = await shop.saga(orderId);
  for (const line of saga === undefined ? [] : sagaLines(saga)) say(line);
}

interface Placed {
  readonly shop: Shop;
  readonly orderId: string;
  readonly stockBefore: Stock;
}

/** The checks when all are good, or as they are when the time is over. */
async function settled(story: Story, placed: Placed): Promise<Check[]> {
  let latest: Check[] = [];
  await placed.shop.order(placed.orderId, 30);
  const look = async (): Promise<Check[] | undefined> => {
    const [found, saga] = await Promise.all([findings(story, placed), placed.shop.saga(placed.orderId)]);
    latest = [...checks(story.ends, found), ...(saga === undefined ? [] : sagaChecks(story.ends.order.status, saga))];
    return latest.every(({ ok }) => ok) ? latest : undefined;
  };
  return until('all is as it must be', look, SETTLED_MS).catch((error) => {
    if (error instanceof TooLate) return latest;
    throw error;
  });
}

async function findings({ purchase }: Story, { shop, orderId, stockBefore }: Placed): Promise<Findings> {
  const [order, payment, stockAfter, shipment, notifications] = await Promise.all([
    shop.order(orderId),
    shop.payment(orderId),
    shop.stock(purchase.sku),
    shop.shipment(orderId),
    shop.notifications(orderId),
  ]);
  return { quantity: purchase.quantity, order, payment, stockBefore, stockAfter, shipment, notifications };
}
