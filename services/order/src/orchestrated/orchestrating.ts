import {
  beginning,
  type Context,
  command,
  decided,
  ignored,
  type LogAccess,
  Orchestrator,
  orchestrated,
  type Reaction,
  SagaClock,
} from '@troupe/chassis';
import { OrderCreated } from '@troupe/schemas';
import { orderSagas } from '../domain/fulfilment.ts';
import { type Order, record } from '../domain/order.ts';
import { type Known, OrderDeadline, type PlaceRequest } from '../domain/rules.ts';

const place: LogAccess<Order> = {
  logOf: (order) => order?.saga,
  withLog: (order, saga) => ({ ...order, saga, sagaChanged: true }),
};
const orchestrator = new Orchestrator(orderSagas, place);

/** Accepts an orchestrated order. */
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
/** Every event that the orchestrator may emit, whatever it hears. */
const any = rows.find(({ hears }) => hears === SagaClock) as Reaction<Known>;

/** The rows of orchestrated orders. */
export const orchestratedRows: readonly Reaction<Known>[] = [
  {
    ...{ hears: PlaceOrchestrated, within: undefined, emits: begin.emits, begins: OrderCreated },
    starts: [...begin.starts, OrderDeadline],
    react: (data, order, context) => placeOrchestrated(data as PlaceRequest, order, context),
  },
  ...rows,
];

/** An event that moves a choreographed order on. To an orchestrated one it is at most a reason to ask the participant again. */
export const choreographed = (row: Reaction<Known>): Reaction<Known> =>
  withConductor(row, (_, order, { now }) => orchestrator.wake(order, now));

/** An event that ends an order. It ends at once, in both styles; the orchestrator then undoes what was done. */
export const ends = (row: Reaction<Known>): Reaction<Known> =>
  withConductor(row, (data, order, context) => {
    const decision = row.react(data, order, context);
    const standing = decision.kind === 'decided' ? decision.state?.state.standing : undefined;
    if (decision.kind !== 'decided' || standing?.status !== 'CANCELLED') return decision;
    const cause = { code: standing.reason, detail: standing.detail };
    const turned = orchestrator.turnBack(decision.state, cause, context.now);
    // Ignored when the saga is already turning back.
    return turned.kind === 'decided' ? decided(turned.state, ...decision.effects, ...turned.effects) : decision;
  });

function withConductor(row: Reaction<Known>, react: Reaction<Known>['react']): Reaction<Known> {
  return {
    ...row,
    emits: [...new Set([...row.emits, ...any.emits])],
    starts: [...new Set([...row.starts, ...any.starts])],
    react: (data, order, context) => (order?.saga === undefined ? row.react : react)(data, order, context),
  };
}
