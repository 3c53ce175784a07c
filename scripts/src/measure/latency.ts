import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from '@troupe/embedded';
import type { End } from './ends.ts';
import { patient } from './patient.ts';
import { place, type Target } from './burst.ts';

interface Wanted {
  readonly body: object;
}
type Ended<Order> = Order & { readonly orderId: string; readonly end: End };

export interface Latencies<Order> {
  readonly orders: readonly Ended<Order>[];
  /** Milliseconds of each order, from the moment at which it was to be sent until its client saw its end. */
  readonly latenciesMs: readonly number[];
}

export interface Pace {
  readonly perSecond: number;
  readonly seconds: number;
}

/**
 * Places orders at a fixed pace, whether or not earlier ones are answered, and asks for each as a client would:
 * `GET /orders/<id>?wait=10`. The time counts from when an order was to be sent and not from when it was, so that a
 * system that stalls cannot hide the orders that it kept waiting (coordinated omission).
 */
export async function latencies<Order extends Wanted>(
  target: Target,
  { perSecond, seconds }: Pace,
  orderOf: (index: number) => Order,
): Promise<Latencies<Order>> {
  const start = performance.now() + 100;
  const due = Array.from({ length: perSecond * seconds }, (_, index) => start + (index * 1_000) / perSecond);
  const all = await patient(
    target,
    target.ends.deafWhile(() => Promise.all(due.map((dueAt, index) => timed(target, orderOf(index), dueAt)))),
  );
  return { orders: all.map(({ order }) => order), latenciesMs: all.map(({ ms }) => ms) };
}

async function timed<Order extends Wanted>(target: Target, order: Order, dueAt: number) {
  await sleep(Math.max(dueAt - performance.now(), 0), undefined, { signal: target.signal });
  const { orderId } = await place(target, order);
  const end = await seenByClient(target, orderId);
  return { order: { ...order, orderId, end }, ms: performance.now() - dueAt };
}

/** The order's end as its client sees it; asks again while it is not there. */
async function seenByClient({ url, client, signal }: Target, orderId: string): Promise<string> {
  for (;;) {
    signal.throwIfAborted();
    const { status, body } = await client.get(`${url}/orders/${orderId}?wait=10`);
    if (status !== 200)
      throw new StartError([`GET /orders/${orderId} was answered ${status}: ${JSON.stringify(body)}`]);
    const order = body as { readonly status: string; readonly reason: string | null };
    if (order.status === 'CONFIRMED') return 'CONFIRMED';
    if (order.status === 'CANCELLED') return `CANCELLED ${order.reason}`;
  }
}
