import { type Changes, looks, type ServerSentEvent } from '@troupe/chassis';
import { evolve, isOver, type OrderState } from '../domain/order.ts';
import { orderNotFound } from '../domain/rules.ts';
import type { OrderQueries, OrderRow } from './queries.ts';
import { viewOfEvent } from './views.ts';

/** Finds a customer's order. @throws DomainError 404, the same for another customer's order as for none. */
export async function ownOrder({ find }: OrderQueries, orderId: string, customerId: string): Promise<OrderRow> {
  const order = await find(orderId);
  if (order?.customerId !== customerId) throw orderNotFound(orderId);
  return order;
}

interface Follow {
  readonly orderId: string;
  /** As the client sent it. */
  readonly lastEventId: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Streams each event of an order as it happens, starting after the version that the client saw last. The id of an event
 * is its version. An id that this stream never gave starts it from the beginning: twice is better than never. When nothing
 * more is to come (confirmed, or cancelled with nothing owed), the last event is `end`, without an id, because browsers
 * reconnect when a stream merely ends. An order that needs attention keeps the stream open.
 */
export async function* orderEvents(
  queries: OrderQueries,
  changes: Changes,
  { orderId, lastEventId, signal }: Follow,
): AsyncIterable<ServerSentEvent> {
  let state: OrderState | undefined;
  let version = 0;
  let lastSeen: number | undefined;
  for await (const news of looks(() => queries.stream(orderId, version), { changes, key: orderId, signal })) {
    lastSeen ??= news.find((recorded) => String(recorded.version) === lastEventId)?.version ?? 0;
    for (const recorded of news) {
      state = evolve(state, recorded.event, recorded.at);
      version = recorded.version;
      const { type, ...view } = viewOfEvent(recorded);
      const data = { orderId, status: state.standing.status, ...view };
      if (version > lastSeen) yield { id: String(version), event: type, data };
    }
    if (state !== undefined && isOver(state)) {
      yield { event: 'end', data: { orderId, status: state.standing.status } };
      return;
    }
  }
}
