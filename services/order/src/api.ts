import {
  type Answer,
  type ApiContext,
  atRest,
  type Command,
  get,
  id,
  isId,
  moment,
  pagesOf,
  post,
  type Route,
  stream,
  text,
  uuidv7,
  wait,
} from '@troupe/chassis';
import type { PrismaClient } from '@troupe/order-database';
import { z } from 'zod';
import { type Catalogue, catalogue } from './domain/catalogue.ts';
import { isAtRest, type Order, type OrderState, replay } from './domain/order.ts';
import { CURRENCY, priced } from './domain/pricing.ts';
import { CancelOrder, PlaceOrder, type PlaceRequest } from './domain/rules.ts';
import { PlaceOrchestrated } from './orchestrated/orchestrating.ts';
import { sagaApi } from './orchestrated/saga-api.ts';
import { type OrderQueries, orderQueries } from './read/queries.ts';
import { stuckOrders } from './read/stuck.ts';
import {
  acceptedView,
  eventView,
  orderView,
  productView,
  statuses,
  stuckView,
  viewOfEvent,
  viewOfPlace,
  viewOfRow,
  viewOfState,
} from './read/views.ts';
import { orderEvents, ownOrder } from './read/watching.ts';

export interface OrderConfig {
  readonly orderDeadlineMs: number;
  readonly stepAllowedMs: number;
  readonly consoleLinkTemplate?: string | undefined;
}
type Context = ApiContext<PrismaClient, OrderConfig, Order>;
type State = Order | undefined;

const orders = pagesOf('orders', isId);
const stuck = pagesOf('stuck-orders', isId);
const products = pagesOf('products', (sku) => /^[^\p{Cc}\p{Cs}]{1,64}$/u.test(sku));
const params = z.object({ orderId: id });

/** Every route answers for the customer's own orders only: another customer's order is 404, like an order that does not exist. */
export function orderApi({ database, config, changes }: Context): readonly Route<State>[] {
  const queries = orderQueries(database);
  return [
    ...placeOrder(catalogue(database), config),
    ...sagaApi(database),
    listStuck(database, config),
    showOrder(queries, changes),
    streamOrder(queries, changes),
    showHistory(queries),
    listOrders(queries),
    cancelOrder(),
    listProducts(queries),
  ];
}

const line = z.strictObject({ sku: text(64), quantity: z.number().int().min(1).max(1_000) });
const placeBody = z.strictObject({
  items: z.array(line).min(1).max(100),
  paymentToken: text(200).describe('A reference that the payment provider gave; never card data.'),
});

/** The same order in two styles: the services react to events, or the orchestrator asks them. */
function placeOrder({ prices }: Catalogue, config: OrderConfig): readonly Route<State>[] {
  const { orderDeadlineMs: deadlineMs, consoleLinkTemplate } = config;
  const place = (path: string, summary: string, command: (request: PlaceRequest) => Command): Route<State> =>
    post<State>()(path, {
      summary,
      body: placeBody,
      response: acceptedView,
      async command({ actor: customerId, body: { items: lines, paymentToken } }) {
        const { items, total } = priced(lines, await prices(lines.map(({ sku }) => sku)));
        return command({ orderId: uuidv7(), customerId, items, total, currency: CURRENCY, deadlineMs, paymentToken });
      },
      answer: ({ state }, { traceId, traceLink }) =>
        accepted(placed(state), { traceId, traceLink, consoleLinkTemplate }),
    });
  const known = 'the answer comes at once, and the order goes on';
  return [
    place('/orders', `Place an order; ${known}`, PlaceOrder),
    place('/orders/orchestrated', `Place an orchestrated order; ${known}`, PlaceOrchestrated),
  ];
}

interface Ways {
  readonly traceId: string;
  readonly traceLink: string | undefined;
  readonly consoleLinkTemplate: string | undefined;
}

function accepted({ orderId, standing, orchestrated }: OrderState, ways: Ways): Answer {
  const { traceId, traceLink, consoleLinkTemplate } = ways;
  const self = `/orders/${orderId}`;
  const links = {
    self,
    events: `${self}/events`,
    history: `${self}/history`,
    cancel: `${self}/cancel`,
    ...(orchestrated && { saga: `/sagas/${orderId}` }),
    ...(traceLink !== undefined && { trace: traceLink }),
    ...(consoleLinkTemplate !== undefined && { console: consoleLinkTemplate.replace('{orderId}', orderId) }),
  };
  return { status: 202, headers: { location: self }, body: { orderId, status: standing.status, traceId, links } };
}

function showOrder(queries: OrderQueries, changes: Context['changes']): Route<State> {
  return get('/orders/:orderId', {
    summary: 'One order; with `wait`, answered when it is CONFIRMED, CANCELLED or NEEDS_ATTENTION',
    params,
    query: z.object({ wait }),
    response: orderView,
    async handle({ params: { orderId }, query, actor: customerId, signal }) {
      const look = () => ownOrder(queries, orderId, customerId);
      const worthALook = ({ state }: Order) => isAtRest(state.standing.status);
      const waiting = { changes, key: orderId, waitMs: query.wait * 1_000, signal, worthALook };
      const order = await atRest(look, ({ status }) => isAtRest(status), waiting);
      return { status: 200, body: viewOfRow(order) };
    },
  });
}

function streamOrder(queries: OrderQueries, changes: Context['changes']): Route<State> {
  return stream('/orders/:orderId/events', {
    summary: 'Each event of one order as it happens, ids are versions; `end` when nothing more is to come',
    params,
    async *handle({ params: { orderId }, actor: customerId, signal }, lastEventId) {
      await ownOrder(queries, orderId, customerId);
      yield* orderEvents(queries, changes, { orderId, lastEventId, signal });
    },
  });
}

function showHistory(queries: OrderQueries): Route<State> {
  const at = moment.optional().describe('Only what had happened by then.');
  return get('/orders/:orderId/history', {
    summary: 'The audit trail of one order: its events, and the state that follows from them',
    params,
    query: z.object({ at }),
    response: z.object({ orderId: z.uuid(), events: z.array(eventView), order: orderView.nullable() }),
    async handle({ params: { orderId }, query, actor: customerId }) {
      await ownOrder(queries, orderId, customerId);
      const until = query.at === undefined ? Number.POSITIVE_INFINITY : Date.parse(query.at);
      const events = (await queries.stream(orderId, 0)).filter((recorded) => recorded.at.getTime() <= until);
      const order = replay(events);
      const view = order === undefined ? null : viewOfState(order.state);
      return { status: 200, body: { orderId, events: events.map(viewOfEvent), order: view } };
    },
  });
}

function listOrders(queries: OrderQueries): Route<State> {
  return get('/orders', {
    summary: 'The orders of the acting customer, newest first',
    query: z.object({ ...orders.query, status: statuses.optional() }),
    response: z.object({ items: z.array(orderView), nextCursor: z.string().nullable() }),
    async handle({ query: { limit, cursor: before, status }, actor: customerId }) {
      const rows = await queries.page({ customerId, status, before, limit: limit + 1 });
      const { items, nextCursor } = orders.pageOf(rows, limit, ({ orderId }) => orderId);
      return { status: 200, body: { items: items.map(viewOfRow), nextCursor } };
    },
  });
}

function listStuck(database: PrismaClient, rules: OrderConfig): Route<State> {
  return get('/orders/stuck', {
    summary:
      'For operators: the orders of all customers that make no progress, oldest first, where they stand, and what to do. An order that was cancelled meanwhile is not here; its calls are in GET /waiting of payment and shipping',
    query: z.object(stuck.query),
    response: z.object({ items: z.array(stuckView), nextCursor: z.string().nullable() }),
    async handle({ query: { limit, cursor: behind } }) {
      const { items, next } = await stuckOrders(database, rules, { behind, limit, now: new Date() });
      return { status: 200, body: { items: items.map(viewOfPlace), nextCursor: next ? stuck.cursorOf(next) : null } };
    },
  });
}

function cancelOrder(): Route<State> {
  return post<State>()('/orders/:orderId/cancel', {
    summary: 'Cancel an order that is not confirmed yet; cancelling twice is the same as once',
    params,
    body: z.strictObject({}),
    response: orderView,
    command: ({ params: { orderId }, actor: customerId }) => CancelOrder({ orderId, customerId }),
    answer: ({ state }) => ({ status: 202, body: viewOfState(placed(state)) }),
  });
}

function listProducts(queries: OrderQueries): Route<State> {
  return get('/products', {
    summary: 'The products and their prices',
    query: z.object(products.query),
    response: z.object({ items: z.array(productView), nextCursor: z.string().nullable() }),
    async handle({ query: { limit, cursor } }) {
      const rows = await queries.products(cursor, limit + 1);
      const { items, nextCursor } = products.pageOf(rows, limit, ({ sku }) => sku);
      return { status: 200, body: { items: items.map((product) => ({ ...product, currency: CURRENCY })), nextCursor } };
    },
  });
}

function placed(order: State): Order['state'] {
  if (order === undefined) throw new Error('A command that was not rejected left no order behind.');
  return order.state;
}
