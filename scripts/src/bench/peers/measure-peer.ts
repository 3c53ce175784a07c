import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from '@troupe/embedded';
import type { PeerSite } from '../../../peers/peer.ts';
import type { HttpClient } from '../../measure/http-client.ts';
import { databaseCosts, databaseUse } from '../../measure/meter/database-meter.ts';
import type { Meter } from '../../measure/meter/meter.ts';
import { ownCpuMs } from '../../measure/meter/processes.ts';
import { latencyFigures } from '../../measure/statistics.ts';
import { IN_FLIGHT, type Placed, sagasPerSecond } from '../../measure/target.ts';
import { untilRight } from '../../measure/until-right.ts';
import { countsByKind } from '../../measure/verdict.ts';
import { query } from '../../stack/database.ts';
import { oneProduct } from '../one-product.ts';
import { type BooksPlace, readBooks } from './books.ts';
import { type PeerTarget, peerBurst, peerLatencies, placeAll } from './drive.ts';
import { peerFaults } from './peer-verdict.ts';
import { type RunFigures, split } from './run-figures.ts';

export interface MeasuredPeer {
  readonly site: PeerSite;
  readonly client: HttpClient;
  readonly books: BooksPlace;
  readonly meter: Meter;
  readonly adminUrl: string;
  /** Placed before anything is measured. */
  readonly warmUp: number;
  /** To be measured at a time, after the warm-up. */
  readonly orders: number;
  readonly signal: AbortSignal;
}

const CALM = { perSecond: 20, seconds: 15 };
const BUSY = { perSecond: 200, seconds: 10 };
const WAIT = { withinMs: 60_000, everyMs: 500 };

/** The same scenarios as of ours, and then the check. @throws StartError with all that is wrong: then there are no figures. */
export async function measurePeer(peer: MeasuredPeer): Promise<RunFigures> {
  const { site, client, signal, warmUp } = peer;
  const target: PeerTarget = { orderUrl: site.orderUrl, client, signal };
  const warm = await peerBurst(target, { first: 0, count: warmUp, inFlight: IN_FLIGHT });
  await settled(peer, warm.orders);
  const throughput = await throughputOf(peer, target, warm.orders);
  const calm = await peerLatencies(target, CALM);
  const before = [...warm.orders, ...throughput.orders, ...calm.results];
  const backlog = site.pause && (await waited(peer, target, before));
  before.push(...(backlog?.orders ?? []));
  const hot = await hotOrders(peer, target, before);
  const busy = await peerLatencies(target, BUSY);
  const placed = [...before, ...hot.orders, ...busy.results];
  // Refunds and mails may come after an order's end.
  await untilRight(async () => peerFaults(placed, await readBooks(peer.books)), { ...WAIT, signal });
  return {
    ...throughput.figures,
    calm: latencyFigures(calm.latenciesMs, CALM.perSecond),
    busy: latencyFigures(busy.latenciesMs, BUSY.perSecond),
    ...(backlog && { backlog: backlog.figures }),
    hot: hot.figures,
  };
}

async function throughputOf(peer: MeasuredPeer, target: PeerTarget, before: readonly Placed[]) {
  const { meter, adminUrl, warmUp, orders: count } = peer;
  const database = await databaseUse(adminUrl);
  const begun = meter.begin();
  const own = ownCpuMs();
  const { orders, elapsedMs } = await peerBurst(target, { first: warmUp, count, inFlight: IN_FLIGHT });
  await settled(peer, [...before, ...orders]);
  const driverCpuMs = ownCpuMs() - own;
  const { processes } = meter.costs(begun, count);
  const figures = {
    sagasPerSecond: sagasPerSecond({ orders, elapsedMs }),
    ...split(processes),
    ...databaseCosts(database, await databaseUse(adminUrl), count),
    driverCpuMsPerSaga: driverCpuMs / count,
    processes,
  };
  return { orders, figures };
}

/** Places orders while everything behind the order service stands still. Then it goes on, and the time runs from there. */
async function waited(peer: MeasuredPeer, target: PeerTarget, before: readonly Placed[]) {
  const { site, meter, orders: count } = peer;
  const goOn = site.pause?.();
  let placed: readonly Placed[];
  let begun: ReturnType<Meter['begin']>;
  try {
    placed = await placeAll(target, count, IN_FLIGHT);
    begun = meter.begin();
  } finally {
    goOn?.();
  }
  const start = performance.now();
  await nonePending(peer);
  const elapsedMs = performance.now() - start;
  await settled(peer, [...before, ...placed]);
  const { cpuMsPerSaga } = split(meter.costs(begun, count).processes);
  const { ends } = await readBooks(peer.books);
  const orders = placed.map((order) => ({ ...order, end: ends.get(order.orderId) ?? 'lost' }));
  return { orders, figures: { sagasPerSecond: sagasPerSecond({ orders, elapsedMs }), cpuMsPerSaga } };
}

/** All orders want one product. */
async function hotOrders(peer: MeasuredPeer, target: PeerTarget, before: readonly Placed[]) {
  const { meter, orders: count } = peer;
  const { orders, begun, rates } = await oneProduct({
    count,
    burst: (load) => peerBurst(target, load),
    settled: (placed) => settled(peer, [...before, ...placed]),
    begin: () => meter.begin(),
  });
  const { cpuMsPerSaga } = split(meter.costs(begun, count).processes);
  return { orders, figures: { ...rates, cpuMsPerSaga } };
}

const PENDING = `SELECT count(*)::int AS count FROM orders WHERE status = 'PENDING'`;
const REFUNDED = `SELECT count(*)::int AS count FROM payments WHERE status = 'REFUNDED'`;
const NOTIFIED = 'SELECT count(*)::int AS count FROM notifications';

async function nonePending(peer: MeasuredPeer): Promise<void> {
  while ((await countOf(peer, 'order', PENDING)) > 0) await sleep(50, undefined, { signal: peer.signal });
}

/** Until the work of these sagas is all done, so that it is in the cost: refunds and mails may come after an order's end. */
async function settled(peer: MeasuredPeer, orders: readonly Placed[]): Promise<void> {
  const { outOfStock } = countsByKind(orders);
  const end = performance.now() + WAIT.withinMs;
  const left = async (): Promise<number> =>
    outOfStock -
    (await countOf(peer, 'payment', REFUNDED)) +
    (peer.books.further ? orders.length - (await countOf(peer, 'notification', NOTIFIED)) : 0);
  while ((await left()) > 0) {
    if (performance.now() > end)
      throw new StartError(['After a minute there are refunds or mails that were not made.']);
    await sleep(50, undefined, { signal: peer.signal });
  }
}

async function countOf({ books }: MeasuredPeer, part: 'order' | 'payment' | 'notification', text: string) {
  const [row] = await query<{ count: number }>(books.databaseUrl(part), text);
  return row?.count ?? 0;
}
