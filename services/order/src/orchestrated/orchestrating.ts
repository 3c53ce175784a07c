import type { AnyMessageType } from '@troupe/chassis';
import {
  type AnyTaskType,
  type Behaviour,
  beginning,
  behaviourOf,
  type CompensateSaga,
  type Context,
  command,
  type Decided,
  decided,
  type Ignored,
  ignored,
  type LogAccess,
  Orchestrator,
  orchestrated,
  type Reaction,
  type ResolveSaga,
  type RetrySaga,
  type SagaClock,
  type Says,
  type Section,
  turningBack,
  waking,
} from '@troupe/chassis';
import type { AnyEventType } from '@troupe/schemas';
import { orderSagas } from '../domain/fulfilment.ts';
import { type Order, record } from '../domain/order.ts';
import type { Known, PlaceRequest } from '../domain/rules.ts';
import type {
  CancelShipment,
  ChargePayment,
  RefundPayment,
  ReleaseStock,
  ReserveStock,
  ScheduleShipment,
} from './participants.ts';

const place: LogAccess<Order> = {
  logOf: (order) => order?.saga,
  withLog: (order, saga) => ({ ...order, saga, sagaChanged: true }),
};
const orchestrator = new Orchestrator(orderSagas, place);

/** Accepts an orchestrated order. */
export const PlaceOrchestrated = command('PlaceOrchestrated', (request: PlaceRequest) => request.orderId);

/**
 * Begins the saga of a new order. Its effects come from the saga's table, which the compiler cannot read: a test holds
 * that the row of PlaceOrchestrated lists them.
 */
export function placeOrchestrated(
  { paymentToken, ...placement }: PlaceRequest,
  known: Known,
  { now }: Context,
): Decided<Order, never> | Ignored {
  if (known !== undefined) return ignored('the order was placed before');
  const { orderId: id, customerId, items, total: amount, currency } = placement;
  const order = record(undefined, now, { type: 'OrderPlaced', data: { ...placement, orchestrated: true } });
  const context = { orderId: id, customerId, items, amount, currency, paymentToken };
  return orchestrator.begin(order, { id, now, context }) as Decided<Order, never>;
}

/** What the beginning of an order's saga may say. */
export const sagaBeginning: Says = beginning(orderSagas);

type RowHearing<Message> = Message extends AnyMessageType ? Reaction<Known, Message> : never;
type SagaRow = RowHearing<
  | (typeof ChargePayment | typeof ReserveStock | typeof ScheduleShipment)
  | (typeof RefundPayment | typeof ReleaseStock | typeof CancelShipment)
  | (typeof SagaClock | typeof RetrySaga | typeof CompensateSaga | typeof ResolveSaga)
>;

/**
 * The rows that the saga's table stands for: the answer to each of its steps, its clock, and what operators say. Their types
 * are named here for the tests, since the saga's table does not have them.
 */
export const sagaRows: Section<Known, SagaRow> = orchestrated(orderSagas, orchestrator) as Section<Known, SagaRow>;

/** Facts that take an order further. An order with an orchestrator asks again because of them, at most. */
export const choreographed = <const Rows extends Section<Known>>(...rows: Rows): OrchestratedToo<Rows> =>
  unlessOrchestrated(rows, () => ({
    ...waking(orderSagas),
    within: undefined,
    react: (_, order, { now }) => orchestrator.wake(order, now),
  }));

/** Rows that may cancel an order. In both styles they do so at once; an orchestrator then undoes what was done. */
export const cancelling = <const Rows extends Section<Known>>(...rows: Rows): OrchestratedToo<Rows> =>
  unlessOrchestrated(rows, (row) => ({
    ...union(row, turningBack(orderSagas)),
    within: row.within,
    react(data, order, context) {
      const decision = row.react(data, order, context);
      const standing = decision.kind === 'decided' ? decision.state?.state.standing : undefined;
      if (decision.kind !== 'decided' || standing?.status !== 'CANCELLED') return decision;
      const cause = { code: standing.reason, detail: standing.detail };
      const turned = orchestrator.turnBack(decision.state, cause, context.now);
      // Ignored when the saga has turned back before: it goes on with that.
      return turned.kind === 'decided' ? decided(turned.state, ...decision.effects, ...turned.effects) : decision;
    },
  }));

/** The same rows, which may cause what an orchestrator causes as well. */
type OrchestratedToo<Rows extends Section<Known>> = {
  readonly [At in keyof Rows]: Reaction<Known, Rows[At]['hears'], AnyEventType, AnyTaskType>;
};
type Rule = Pick<Reaction<Known>, 'react'>;

/** Rows that do something else for orders that have an orchestrator. */
function unlessOrchestrated<Rows extends Section<Known>>(
  rows: Rows,
  otherwise: (row: Reaction<Known>) => Behaviour & Rule,
): OrchestratedToo<Rows> {
  const both = rows.map((row): Reaction<Known> => {
    const { react, ...behaviour } = otherwise(row);
    return {
      ...row,
      ...union(row, behaviour),
      byStyle: { choreographed: behaviourOf(row), orchestrated: behaviour },
      react: (data, order, context) => (order?.saga === undefined ? row.react : react)(data, order, context),
    };
  });
  return both as unknown as OrchestratedToo<Rows>;
}

const union = (one: Says, other: Says): Says => ({
  emits: [...new Set([...one.emits, ...other.emits])],
  starts: [...new Set([...one.starts, ...other.starts])],
});
