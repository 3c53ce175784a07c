import type { SagaLog } from '@troupe/chassis';
import { contradictoryFacts, outcomeViolations } from '../shop/expected-outcome.ts';
import { STOCK } from '../shop/services.ts';
import type { SystemUnderTest } from '../system/system-under-test.ts';
import type { RequestedOrder } from '../workload/clients.ts';
import { orderOutcome, type SimulationRun } from './simulation-run.ts';

/** Orders that have not ended and need no operator. */
export function openOrders(run: SimulationRun): string[] {
  return run.clients.orders.flatMap(({ orderId, customerId }) => {
    if (orderId === undefined) return [`the order of ${customerId} was never answered`];
    const { order } = orderOutcome(run, orderId);
    return ENDS.includes(order) ? [] : [`the order of ${customerId} is ${order}, which is no end`];
  });
}

const ENDS = ['CONFIRMED', 'CANCELLED', 'NEEDS_ATTENTION'];

export function orderViolations(run: SimulationRun, { orderId, customerId, total }: RequestedOrder): string[] {
  if (orderId === undefined) return [`the order of ${customerId} was never answered`];
  const owners = [...run.system.servers.values()];
  const said = owners.flatMap(({ tables }) => tables.outbox.filter(({ aggregateid }) => aggregateid === orderId));
  const outcome = orderOutcome(run, orderId);
  const amounts = run.external.amountsOf(orderId).filter((amount) => amount !== total);
  return [
    ...outcomeViolations(outcome),
    ...contradictoryFacts(said.map(({ type }) => type.split('.').at(-1) ?? '')),
    ...amounts.map((amount) => `${amount} was taken or given back instead of ${total}`),
  ].map((wrong) => `${customerId}: ${wrong} ${JSON.stringify(outcome)}`);
}

/** Without faults no order ends by its deadline, and no saga gives a step up: a time-out would hide a missing step. */
export function noNeedlessTimeouts({ system, hadFaults, seen }: SimulationRun): string[] {
  if (hadFaults()) return [];
  const sagas = [...system.server('order').tables.rows.values()] as readonly Partial<SagaLog>[];
  return [
    ...(seen.has('order: OrderDeadline') ? ['nothing went wrong, and a deadline had to end an order'] : []),
    ...sagas.flatMap(({ id, cause }) =>
      cause?.code === 'UNANSWERED' ? [`nothing went wrong, and the saga of ${id} gave up "${cause.step}"`] : [],
    ),
  ];
}

/** Each idempotency key has one order, and it is the one that the answer names. */
export function onlyRequestedOrders({ system, clients }: SimulationRun): string[] {
  const known = new Set(clients.orders.map(({ orderId }) => orderId));
  const stored = [...system.server('order').tables.rows.keys()];
  return stored
    .filter((key) => !key.startsWith('saga/'))
    .filter((orderId) => !known.has(orderId))
    .map((orderId) => `nobody was told of the order ${orderId}`);
}

interface StockRow {
  readonly restocked: number;
  readonly available: number;
  readonly reserved: number;
  readonly shipped: number;
}

/** Every unit of stock is where an order says that it is, and none was made or lost. */
export function stock(run: SimulationRun): string[] {
  const { rows } = run.system.server('inventory').tables;
  return Object.entries(STOCK).flatMap(([sku, initial]) => {
    const { restocked, available, reserved, shipped } = rows.get(`stock/${sku}`) as StockRow;
    const sold = run.clients.orders
      .filter(({ orderId }) => orderId !== undefined && orderOutcome(run, orderId).order === 'CONFIRMED')
      .flatMap(({ items }) => items.filter((item) => item.sku === sku))
      .reduce((sum, { quantity }) => sum + quantity, 0);
    const wanted = { available: initial + restocked - sold, reserved: 0, shipped: sold };
    const outcome = { available, reserved, shipped };
    const same = JSON.stringify(wanted) === JSON.stringify(outcome);
    return same ? [] : [`of ${sku} there are ${JSON.stringify(outcome)} instead of ${JSON.stringify(wanted)}`];
  });
}

/** The mail server has accepted or refused every email to a customer. */
export function emails(system: SystemUnderTest): string[] {
  return [...system.server('notification').tables.rows].flatMap(([key, row]) =>
    (row as { readonly status: string }).status === 'PENDING'
      ? [`the message ${key} was neither sent nor refused`]
      : [],
  );
}
