import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from '@troupe/embedded';
import type { HttpClient } from '../../measure/http-client.ts';
import type { Latencies, Pace } from '../../measure/latency.ts';
import { type BenchOrder, goodOrder, mixedOrder } from '../../measure/mix.ts';
import type { Burst, Load, Placed } from '../../measure/burst.ts';
import type { EndedOrder } from '../../../peers/front.ts';

export interface PeerTarget {
  readonly orderUrl: string;
  readonly client: HttpClient;
  readonly signal: AbortSignal;
}

/** Places an order and waits for the answer, which comes when its end can be read: one request. */
async function placed({ orderUrl, client, signal }: PeerTarget, order: BenchOrder): Promise<Placed> {
  signal.throwIfAborted();
  const { status, body } = await client.post(orderUrl, order.body);
  if (status !== 200) throw new StartError([`POST ${orderUrl} was answered ${status}: ${JSON.stringify(body)}`]);
  const { orderId, status: end, reason } = body as EndedOrder;
  return { ...order, orderId, end: reason === null ? end : `${end} ${reason}` };
}

/** As our burst: `inFlight` orders on their way, the next placed when one is at its end. */
export async function peerBurst(
  target: PeerTarget,
  { first, count, inFlight, orderOf = mixedOrder }: Load,
): Promise<Burst> {
  const orders: Placed[] = [];
  let next = 0;
  const client = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) {
      orders[index] = await placed(target, orderOf(first + index));
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: Math.min(inFlight, count) }, client));
  return { orders, elapsedMs: performance.now() - start };
}

/** As our latencies: at a fixed pace, counted from when each was to be sent. */
export async function peerLatencies(target: PeerTarget, { perSecond, seconds }: Pace): Promise<Latencies<Placed>> {
  const start = performance.now() + 100;
  const all = await Promise.all(
    Array.from({ length: perSecond * seconds }, async (_, index) => {
      const dueAt = start + (index * 1_000) / perSecond;
      await sleep(Math.max(dueAt - performance.now(), 0), undefined, { signal: target.signal });
      const order = await placed(target, goodOrder(index));
      return { order, ms: performance.now() - dueAt };
    }),
  );
  return { orders: all.map(({ order }) => order), latenciesMs: all.map(({ ms }) => ms) };
}

/** Places orders without waiting for their ends. */
export async function placeAll(target: PeerTarget, count: number, inFlight: number): Promise<readonly Placed[]> {
  const orders: Placed[] = [];
  let next = 0;
  const client = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) {
      target.signal.throwIfAborted();
      const order = mixedOrder(index);
      const { status, body } = await target.client.post(`${target.orderUrl}?wait=no`, order.body);
      if (status !== 202) throw new StartError([`An order was answered ${status}: ${JSON.stringify(body)}`]);
      orders[index] = { ...order, orderId: (body as { readonly orderId: string }).orderId, end: '' };
    }
  };
  await Promise.all(Array.from({ length: Math.min(inFlight, count) }, client));
  return orders;
}
