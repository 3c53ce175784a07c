import type { AnyTable } from '@troupe/chassis/internal';
import { tables } from '@troupe/simulation/shop';
import { type Explored, explore } from '../explore/explore.ts';
import { OrderModel } from '../moves/order-model.ts';
import { endOf, faultsAtEnd, faultsOf, isOrderAtRest } from '../shop/invariants.ts';
import { shop } from '../shop/shop.ts';
import type { Scenario } from './scenarios.ts';

export interface Proved extends Explored {
  readonly scenario: Scenario;
  readonly seconds: number;
  /** Rows of the tables that were taken: `payment: OrderCreated`. */
  readonly taken: readonly string[];
}

interface Proving {
  /** Stops after so many states. */
  readonly most: number;
  /** Changes the tables; for planted bugs. */
  readonly change?: (table: AnyTable) => AnyTable;
  progress?(states: number, depth: number): void;
}

/** Explores one scenario on the production tables. */
export async function prove(
  scenario: Scenario,
  { most, change = (table) => table, progress }: Proving,
): Promise<Proved> {
  const startedAt = performance.now();
  const model = new OrderModel(await shop(scenario.placed, tables.map(change)));
  const { order, shared } = model.begin(scenario.bounds);
  const orders = Array.from({ length: scenario.orders }, () => order);
  const properties = { faultsOf, faultsAtEnd, isAtRest: isOrderAtRest, endOf };
  const explored = await explore({ model, orders, shared, properties, most, ...(progress && { progress }) });
  return { ...explored, scenario, seconds: (performance.now() - startedAt) / 1_000, taken: [...model.taken].sort() };
}
