import type { Order } from '@troupe/order';
import { replay } from '@troupe/order';
import type { OrderOutcome } from '../shop/expected-outcome.ts';
import type { ExternalSystems } from '../shop/external-systems.ts';
import { statusesOf } from '../shop/order-statuses.ts';
import type { SystemUnderTest } from '../system/system-under-test.ts';
import type { Clients } from '../workload/clients.ts';
import type { History } from './history.ts';
import type { TimingChecker } from './timing-checker.ts';

/** All parts of one run, for the invariants. */
export interface SimulationRun {
  readonly system: SystemUnderTest;
  readonly clients: Clients;
  readonly external: ExternalSystems;
  readonly history: History;
  readonly timing: TimingChecker;
  /** Whether a fault was injected, or an outage delays orders. */
  hadFaults(): boolean;
  /** How often each coverage point was reached. */
  readonly seen: ReadonlyMap<string, number>;
}

/** Where an order stands, from its stream as it is stored. */
export const orderOf = (row: unknown): Order['state']['standing'] | undefined =>
  row === undefined ? undefined : replay(row as Parameters<typeof replay>[0])?.state.standing;

/** The status of an order in each service, and what the external systems have done for it. */
export function orderOutcome(
  { system, external }: Pick<SimulationRun, 'system' | 'external'>,
  orderId: string,
): OrderOutcome {
  const rowsOf = (service: string) => system.server(service).tables.rows;
  return { ...statusesOf(rowsOf, orderOf, orderId), ...external.effectsFor(orderId) };
}
