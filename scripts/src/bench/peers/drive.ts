import { StartError } from '@troupe/embedded';
import type { EndedOrder } from '../../../peers/business/front.ts';
import type { HttpClient } from '../../measure/http-client.ts';
import { inFlight, type Pace, type Paced, paced } from '../../measure/loads.ts';
import { type BenchOrder, goodOrder, mixedOrder } from '../../measure/mix.ts';
import { type Burst, endOf, type Load, measuredBurst, type Placed } from '../../measure/target.ts';

export interface PeerTarget {
  readonly orderUrl: string;
  readonly client: HttpClient;
  readonly signal: AbortSignal;
}

export const peerBurst = (target: PeerTarget, load: Load): Promise<Burst> =>
  measuredBurst(load, (order) => placed(target, order));

export const peerLatencies = (target: PeerTarget, pace: Pace): Promise<Paced<Placed>> =>
  paced(pace, target.signal, (index) => placed(target, goodOrder(index)));

/** Places orders without waiting for their ends. */
export function placeAll(target: PeerTarget, count: number, atOnce: number): Promise<readonly Placed[]> {
  return inFlight(count, atOnce, async (index) => {
    const order = mixedOrder(index);
    const { orderId } = await post<{ readonly orderId: string }>(target, { query: '?wait=no', status: 202 }, order);
    return { ...order, orderId, end: '' };
  });
}

/** Places an order and waits for the answer, which comes when its end can be read: one request. */
async function placed(target: PeerTarget, order: BenchOrder): Promise<Placed> {
  const answer = await post<EndedOrder>(target, { query: '', status: 200 }, order);
  return { ...order, orderId: answer.orderId, end: endOf(answer) };
}

async function post<Body>(
  { orderUrl, client, signal }: PeerTarget,
  wanted: { readonly query: string; readonly status: number },
  order: BenchOrder,
): Promise<Body> {
  signal.throwIfAborted();
  const { status, body } = await client.post(`${orderUrl}${wanted.query}`, order.body);
  if (status === wanted.status) return body as Body;
  throw new StartError([`POST ${orderUrl} was answered ${status}: ${JSON.stringify(body)}`]);
}
