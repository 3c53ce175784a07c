import {
  type AnyMessageType,
  type AnyTaskType,
  beginning,
  type CompensateSaga,
  type Context,
  command,
  decided,
  ignored,
  type LogAccess,
  Orchestrator,
  orchestrated,
  type Reaction,
  type ResolveSaga,
  type RetrySaga,
  SagaClock,
} from '@troupe/chassis';
import { type AnyEventType, OrderCreated } from '@troupe/schemas';
import { orderSagas } from '../domain/fulfilment.ts';
import { type Order, record } from '../domain/order.ts';
import { type Known, OrderDeadline, type PlaceRequest } from '../domain/rules.ts';
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

/** Takes an order in that an orchestrator runs. */
export const PlaceOrchestrated = command('PlaceOrchestrated', (request: PlaceRequest) => request.orderId);

function placeOrchestrated({ paymentToken, ...placement }: PlaceRequest, known: Known, { now }: Context) {
  if (known !== undefined) return ignored('the order was placed before');
  const { orderId: id, customerId, items, total: amount, currency } = placement;
  const order = record(undefined, now, { type: 'OrderPlaced', data: { ...placement, orchestrated: true } });
  return orchestrator.begin(order, {
    id,
    now,
    context: { orderId: id, customerId, items, amount, currency, paymentToken },
  });
}

const begin = beginning(orderSagas);
const rows = orchestrated(orderSagas, orchestrator);
/** All that an orchestrator can say, whatever it hears. */
const any = rows.find(({ hears }) => hears === SagaClock) as Reaction<Known>;

/** The definition of a saga does not name the types of its rows: they are named here, for the tests of the table. */
type RowHearing<Message> = Message extends AnyMessageType ? Reaction<Known, Message> : never;
/** What the saga hears: the answers to its calls, its clock, and what operators say. */
type SagaMessage =
  | typeof PlaceOrchestrated
  | (typeof ChargePayment | typeof ReserveStock | typeof ScheduleShipment)
  | (typeof RefundPayment | typeof ReleaseStock | typeof CancelShipment)
  | (typeof SagaClock | typeof RetrySaga | typeof CompensateSaga | typeof ResolveSaga);

/** The rows of orders that have an orchestrator. */
export const orchestratedRows: readonly RowHearing<SagaMessage>[] = [
  {
    ...{ hears: PlaceOrchestrated, within: undefined, emits: begin.emits, begins: OrderCreated },
    starts: [...begin.starts, OrderDeadline],
    react: (data, order, context) => placeOrchestrated(data as PlaceRequest, order, context),
  },
  ...(rows as readonly RowHearing<SagaMessage>[]),
];

/** A row that orders without an orchestrator go on by; to one with an orchestrator it is at most a reason to ask again. */
export const choreographed = <R extends Reaction<Known>>(row: R): RowWithSaga<R> =>
  withOrchestrator(row, (_, order, { now }) => orchestrator.wake(order, now));

/** A row that ends an order: it does so at once, as without an orchestrator, who then undoes what was done. */
export const ends = <R extends Reaction<Known>>(row: R): RowWithSaga<R> =>
  withOrchestrator(row, (data, order, context) => {
    const decision = row.react(data, order, context);
    const standing = decision.kind === 'decided' ? decision.state?.state.standing : undefined;
    if (decision.kind !== 'decided' || standing?.status !== 'CANCELLED') return decision;
    const cause = { code: standing.reason, detail: standing.detail };
    const turned = orchestrator.turnBack(decision.state, cause, context.now);
    // Ignored when the saga has turned back before: it goes on with that.
    return turned.kind === 'decided' ? decided(turned.state, ...decision.effects, ...turned.effects) : decision;
  });

/** The row, which may also say whatever the saga says. */
type RowWithSaga<R extends Reaction<Known>> = Reaction<Known, R['hears'], AnyEventType, AnyTaskType>;

function withOrchestrator<R extends Reaction<Known>>(row: R, react: R['react']): RowWithSaga<R> {
  return {
    ...row,
    emits: [...new Set([...row.emits, ...any.emits])],
    starts: [...new Set([...row.starts, ...any.starts])],
    react: (data, order, context) => (order?.saga === undefined ? row.react : react)(data, order, context),
  };
}
