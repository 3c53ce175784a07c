import { StartError } from '@troupe/embedded';
import type { End, Ends } from './ends.ts';
import type { HttpClient } from './http-client.ts';
import { type BenchOrder, mixedOrder } from './mix.ts';
import { patient } from './patient.ts';

export interface Target {
  /** Of the order service. */
  readonly url: string;
  /** Where orders are placed: the style in which they are run. */
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

/** Orders on their way at once, wherever throughput is measured. */
export const IN_FLIGHT = 256;

export const sagasPerSecond = ({ orders, elapsedMs }: Burst): number => orders.length / (elapsedMs / 1_000);

/**
 * Places `count` orders, the first of them the `first`-th of the mix, and keeps `inFlight` of them on their way: the next
 * is placed when one is at its end. Rejects when an order is refused, or when nothing ends any more.
 */
export async function burst(target: Target, { first, count, inFlight, orderOf = mixedOrder }: Load): Promise<Burst> {
  const orders: Placed[] = [];
  let next = 0;
  const client = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++)
      orders[index] = await oneSaga(target, orderOf(first + index));
  };
  const start = performance.now();
  await patient(target, Promise.all(Array.from({ length: Math.min(inFlight, count) }, client)));
  return { orders, elapsedMs: performance.now() - start };
}

export interface Load {
  readonly first: number;
  readonly count: number;
  readonly inFlight: number;
  /** Default: the mix. */
  readonly orderOf?: (index: number) => BenchOrder;
}

async function oneSaga(target: Target, order: BenchOrder): Promise<Placed> {
  const accepted = await place(target, order);
  return { ...order, ...accepted, end: await target.ends.of(accepted.orderId) };
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

/** Waits until every customer was told, so that the work of a saga is all done when its cost is read. */
export async function allTold(target: Target, orders: readonly { readonly orderId: string }[]): Promise<void> {
  const { ends } = target;
  let untold = [...orders];
  await patient(
    target,
    (async () => {
      while (untold.length > 0 && !target.signal.aborted) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        untold = untold.filter(({ orderId }) => ends.timesTold(orderId) === 0);
      }
    })(),
  );
}
