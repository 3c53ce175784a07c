import type { AnyTable } from '@troupe/chassis/internal';
import { PLANTED_BUGS } from '@troupe/simulation';
import { believing, mistaking, withRule } from '@troupe/simulation/shop';

type Plant = (table: AnyTable) => AnyTable;

const fromSimulation = (name: string): Plant => {
  const { table } = PLANTED_BUGS[name]?.() ?? {};
  if (table === undefined) throw new Error(`The simulation has no bug ${name} in a table.`);
  return table;
};

const asked = new Set(['ChargePayment', 'ReserveStock', 'ScheduleShipment']);

/** Bugs by name. Each has to be found, or a proof without a violation proves nothing. */
export const BUGS: Readonly<Record<string, Plant>> = {
  'payment forgets a cancel while it charges': fromSimulation(
    'payment forgets that the order was cancelled while it charged',
  ),
  'shipping keeps no tombstone': fromSimulation('shipping leaves no tombstone'),
  'inventory keeps no tombstone': fromSimulation('no tombstone'),
  'a late ShipmentScheduled confirms a cancelled order': fromSimulation('order confirms what was cancelled'),
  'a cancel of a confirmed order is accepted': withRule(
    'order',
    (name) => name === 'CancelOrder',
    believing((order: { state: { standing: { status: string } } } | undefined) =>
      order?.state.standing.status === 'CONFIRMED'
        ? { ...order, state: { ...order.state, standing: { status: 'PENDING' } } }
        : order,
    ),
  ),
  'the deadline rule does nothing': fromSimulation('OrderDeadline is ignored'),
  'a compensation is skipped for a step that may have happened': withRule(
    'order',
    (name) => asked.has(name),
    (original) => (data, state, context) => {
      const { request, outcome } = data as { request: unknown; outcome: { kind: string; detail: string } };
      const isUnanswered = outcome.kind === 'unanswered';
      const taken = isUnanswered ? { kind: 'refused', code: 'UNKNOWN', detail: outcome.detail, attempts: 1 } : outcome;
      return original({ request, outcome: taken }, state, context);
    },
  ),
  'a refund that is answered twice refunds twice': withRule(
    'payment',
    (name) => name === 'Refund',
    mistaking('REFUNDED', { status: 'REFUNDING' }),
  ),
};
