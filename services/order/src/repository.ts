import {
  oneRow,
  type Repository,
  type SagaLog,
  type Sql,
  sagaLogFrom,
  sagaLogOf,
  saveSagaLogs,
  together,
} from '@troupe/chassis';
import { isOver, type Order, type OrderEvent, type Recorded, replay } from './domain/order.ts';

/** An order is one row: its stream. */
export const orders = oneRow<Order>('order', ({ state }) => state.orderId);

interface StoredStream {
  readonly orderId: string;
  /** JSON: `[type, data, moment]` for each event, in their order. */
  readonly stream: string;
}

/**
 * Loads by folding streams and saves by appending to them. Also writes the projection `orders` where the customer sees
 * something new, and the logs of sagas that went on. The number of statements is constant. Should two writers get past the
 * locks, `order_overtaken` refuses the second, and its batch is handled again.
 */
export const orderRepository: Repository<Order> = {
  async load(tx, keys) {
    const rows = await tx.$queryRawUnsafe<(StoredStream & { readonly saga: unknown })[]>(
      `SELECT ${STREAM}, CASE WHEN bool_or(data ? 'orchestrated') THEN ${sagaLogOf('order_event.order_id')} END AS saga
       FROM order_event WHERE order_id = ANY($1::uuid[]) GROUP BY order_id`,
      keys,
    );
    return new Map(rows.map(({ orderId, stream, saga }) => [orderId, loaded(stream, saga)]));
  },
  savesAtOnce: true,
  async save(tx, rows) {
    const changed = [...rows.values()];
    const restated = changed.filter(({ standingChanged }) => standingChanged);
    const events = changed.flatMap(({ state, pending }) =>
      pending.map((recorded) => ({ orderId: state.orderId, ...recorded })),
    );
    const logs = changed.flatMap(({ saga, sagaChanged }): SagaLog[] => (saga && sagaChanged ? [saga] : []));
    await together(tx, [
      () => append(tx, events),
      () => restated.length > 0 && project(tx, restated),
      () => logs.length > 0 && saveSagaLogs(tx, logs),
    ]);
  },
};

function loaded(stream: string, saga: unknown): Order {
  const order = replay(parsed(stream)) as Order;
  return saga === null ? order : { ...order, saga: sagaLogFrom(saga) };
}

// One row for each stream takes a third of the CPU of one for each event.
const STREAM = `order_id::text AS "orderId",
  json_agg(json_build_array(type, data, occurred_at) ORDER BY version)::text AS stream`;

/** Whole streams, by order. One statement. */
export async function streamsOf(
  tx: Sql,
  orderIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Recorded[]>> {
  const rows = await tx.$queryRawUnsafe<StoredStream[]>(
    `SELECT ${STREAM} FROM order_event WHERE order_id = ANY($1::uuid[]) GROUP BY order_id`,
    orderIds,
  );
  return new Map(rows.map(({ orderId, stream }) => [orderId, parsed(stream)]));
}

function parsed(stream: string): readonly Recorded[] {
  const events = JSON.parse(stream) as readonly [type: string, data: unknown, moment: string][];
  return events.map(([type, data, moment], index) => {
    return { version: index + 1, at: new Date(moment), event: { type, data } as OrderEvent };
  });
}

async function append(tx: Sql, events: readonly (Recorded & { readonly orderId: string })[]): Promise<void> {
  await tx.$executeRawUnsafe(
    `INSERT INTO order_event (order_id, version, type, data, occurred_at)
     SELECT order_id, version, type, data::jsonb, occurred_at
     FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::timestamptz[])
       AS e(order_id, version, type, data, occurred_at)
     ON CONFLICT (order_id, version) DO UPDATE SET type = order_overtaken()`,
    events.map(({ orderId }) => orderId),
    events.map(({ version }) => version),
    events.map(({ event }) => event.type),
    events.map(({ event }) => JSON.stringify(event.data)),
    events.map(({ at }) => at.toISOString()),
  );
}

async function project(tx: Sql, changed: readonly Order[]): Promise<void> {
  const states = changed.map(({ state }) => state);
  await tx.$executeRawUnsafe(
    `INSERT INTO orders (order_id, customer_id, status, reason, detail, total, currency, items, created_at, updated_at, open)
     SELECT order_id, customer_id, status, reason, detail, total, currency, items::jsonb, created_at, updated_at, open
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::text[],
                 $9::timestamptz[], $10::timestamptz[], $11::bool[])
       AS o(order_id, customer_id, status, reason, detail, total, currency, items, created_at, updated_at, open)
     ON CONFLICT (order_id) DO UPDATE SET
       status = excluded.status, reason = excluded.reason, detail = excluded.detail, updated_at = excluded.updated_at,
       open = excluded.open`,
    states.map(({ orderId }) => orderId),
    states.map(({ customerId }) => customerId),
    states.map(({ standing }) => standing.status),
    states.map(({ standing }) => ('reason' in standing ? standing.reason : null)),
    states.map(({ standing }) => ('detail' in standing ? standing.detail : null)),
    states.map(({ total }) => total),
    states.map(({ currency }) => currency),
    states.map(({ items }) => JSON.stringify(items)),
    states.map(({ placedAt }) => placedAt.toISOString()),
    states.map(({ standing }) => standing.since.toISOString()),
    states.map((state) => !isOver(state)),
  );
}
