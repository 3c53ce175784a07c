import type { Costs, Meter } from './meter/meter.ts';
import { ownCpuMs } from './meter/processes.ts';
import { allNotified, type Burst, burst, IN_FLIGHT, type Placed, type Target } from './target.ts';

/** Orders that do not count, until their customers are told. */
export async function warmed(target: Target, count: number): Promise<readonly Placed[]> {
  const { orders } = await burst(target, { first: 0, count, inFlight: IN_FLIGHT });
  await allNotified(target, orders);
  return orders;
}

export interface Throughput extends Burst {
  /** Until the last e-mail was sent; undefined where it cannot be measured. */
  readonly costs: Costs | undefined;
  /** CPU of this program, which runs on the same processors, per saga. */
  readonly clientCpuMsPerSaga: number;
}

/** Keeps many orders on their way. */
export async function throughputOf(
  target: Target,
  { warmUp, orders: count }: { readonly warmUp: number; readonly orders: number },
  meter: Meter | undefined,
): Promise<Throughput> {
  const begun = meter?.begin();
  const own = ownCpuMs();
  const came = await burst(target, { first: warmUp, count, inFlight: IN_FLIGHT });
  await allNotified(target, came.orders);
  const clientCpuMsPerSaga = (ownCpuMs() - own) / count;
  return { ...came, costs: meter && begun && meter.costs(begun, count), clientCpuMsPerSaga };
}
