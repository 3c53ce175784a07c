import { setMaxListeners } from 'node:events';
import { StartError } from '@troupe/embedded';
import { createCodec } from '@troupe/schemas';
import { type End, Ends } from './ends.ts';
import { HttpClient } from './http-client.ts';
import { inFlight, type Pace, type Paced, paced } from './loads.ts';
import { type BenchOrder, mixedOrder } from './mix.ts';
import type { Site } from './site.ts';
import { unlessSilent } from './unless-silent.ts';

/** An order service, and a customer of its own who hears from the topics how orders end. */
export interface Target {
  /** Of the order service. */
  readonly url: string;
  /** Where orders are placed: the style in which they run. */
  readonly path: '/orders' | '/orders/orchestrated';
  readonly client: HttpClient;
  readonly ends: Ends;
  readonly signal: AbortSignal;
}

/** An order and what became of it. */
export interface Placed extends BenchOrder {
  readonly orderId: string;
  /** Where the system tells it. */
  readonly traceId?: string;
  readonly end: End;
}

export interface Burst {
  readonly orders: readonly Placed[];
  /** From the first request until the last order was at its end. */
  readonly elapsedMs: number;
}

export interface Load {
  readonly first: number;
  readonly count: number;
  readonly inFlight: number;
  /** Default: the mix. */
  readonly orderOf?: (index: number) => BenchOrder;
}

/** Orders on their way at once, wherever throughput is measured. */
export const IN_FLIGHT = 256;

export const sagasPerSecond = ({ orders, elapsedMs }: Burst): number => orders.length / (elapsedMs / 1_000);

/** Gives `use` a customer of its own. */
export async function withTarget<Result>(
  { serviceUrl, brokers, registryUrl }: Site,
  signal: AbortSignal,
  use: (target: Target) => Promise<Result>,
): Promise<Result> {
  const client = new HttpClient({ 'x-customer-id': `bench-${crypto.randomUUID()}` });
  const over = new AbortController();
  // Every order that waits for its moment listens: that many are no leak.
  setMaxListeners(0, signal);
  try {
    const codec = createCodec({ registryUrl });
    const ends = await Ends.listen({ brokers, codec, signal: AbortSignal.any([signal, over.signal]) });
    return await use({ url: serviceUrl('order'), path: '/orders', client, ends, signal });
  } finally {
    over.abort();
    client.close();
  }
}

export interface Accepted {
  readonly orderId: string;
  readonly traceId: string;
}

/** Places an order. @throws StartError when it is not accepted. */
export async function place({ url, path, client }: Target, order: { readonly body: object }): Promise<Accepted> {
  const { status, body } = await client.post(`${url}${path}`, order.body);
  if (status !== 202) throw new StartError([`POST ${path} was answered ${status}: ${JSON.stringify(body)}`]);
  const { orderId, traceId } = body as Accepted;
  return { orderId, traceId };
}

/**
 * Places `count` orders, the first of them the `first`-th of the mix, and keeps `inFlight` of them on their way: the next
 * is placed when one is at its end. Rejects when an order is refused, or when nothing ends any more.
 */
export async function burst(target: Target, load: Load): Promise<Burst> {
  return measuredBurst(
    load,
    async (order) => {
      const accepted = await place(target, order);
      return { ...order, ...accepted, end: await target.ends.of(accepted.orderId) };
    },
    (orders) => unlessSilent(target, orders),
  );
}

/** A burst of any system: `saga` brings one order to its end. */
export async function measuredBurst(
  { first, count, inFlight: atOnce, orderOf = mixedOrder }: Load,
  saga: (order: BenchOrder) => Promise<Placed>,
  waited: (orders: Promise<Placed[]>) => Promise<Placed[]> = (orders) => orders,
): Promise<Burst> {
  const start = performance.now();
  const orders = await waited(inFlight(count, atOnce, (index) => saga(orderOf(first + index))));
  return { orders, elapsedMs: performance.now() - start };
}

type Ended<Order> = Order & { readonly orderId: string; readonly end: End };

/**
 * Places orders at a fixed pace and asks for each as a client would: `GET /orders/<id>?wait=10`. The latency is from when an
 * order was due until its client saw its end.
 */
export function latencies<Order extends { readonly body: object }>(
  target: Target,
  pace: Pace,
  orderOf: (index: number) => Order,
): Promise<Paced<Ended<Order>>> {
  const work = async (index: number): Promise<Ended<Order>> => {
    const order = orderOf(index);
    const { orderId } = await place(target, order);
    return { ...order, orderId, end: await seenByClient(target, orderId) };
  };
  return unlessSilent(
    target,
    target.ends.deafWhile(() => paced(pace, target.signal, work)),
  );
}

/** The order's end as its client sees it; asks again while it is not there. */
async function seenByClient({ url, client, signal }: Target, orderId: string): Promise<End> {
  for (;;) {
    signal.throwIfAborted();
    const order = await client.wanted<Ending>(`${url}/orders/${orderId}?wait=10`);
    if (order.status === 'CONFIRMED' || order.status === 'CANCELLED') return endOf(order);
  }
}

export interface Ending {
  readonly status: string;
  readonly reason: string | null;
}

/** `CONFIRMED`, or `CANCELLED` with its reason. */
export const endOf = ({ status, reason }: Ending): End => (reason === null ? status : `${status} ${reason}`);

/** Waits until every customer was told, so that the work of a saga is all done when its cost is read. */
export async function allNotified(target: Target, orders: readonly { readonly orderId: string }[]): Promise<void> {
  const { ends, signal } = target;
  const notified = async (): Promise<void> => {
    for (const { orderId } of orders) {
      while (ends.timesNotified(orderId) === 0 && !signal.aborted)
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  await unlessSilent(target, notified());
}
