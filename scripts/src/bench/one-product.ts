import { goodOrder, hotOrder } from '../measure/mix.ts';
import { type Burst, IN_FLIGHT, type Load, type Placed, sagasPerSecond } from '../measure/target.ts';

interface Measuring<Begun> {
  /** Of each of the two bursts. */
  readonly count: number;
  burst(load: Load): Promise<Burst>;
  /** Waits until the work of all these orders is done. */
  settled(orders: readonly Placed[]): Promise<unknown>;
  /** Begins to measure the cost. */
  begin(): Begun;
}

/**
 * Measures orders for one product, and right before the same orders over many, since code and machine change in a run. The
 * cost is that of the one product, from `begun` to the end.
 */
export async function oneProduct<Begun>({ count, burst, settled, begin }: Measuring<Begun>) {
  const load = { first: 0, count, inFlight: IN_FLIGHT };
  const many = await burst({ ...load, orderOf: goodOrder });
  await settled(many.orders);
  const begun = begin();
  const one = await burst({ ...load, orderOf: hotOrder });
  const orders = [...many.orders, ...one.orders];
  await settled(orders);
  const rates = { sagasPerSecond: sagasPerSecond(one), manySagasPerSecond: sagasPerSecond(many) };
  return { orders, begun, rates };
}
