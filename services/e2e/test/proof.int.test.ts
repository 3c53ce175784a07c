import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { uuidv7 } from '@troupe/chassis';
import type { IncomingTask } from '@troupe/chassis/internal';
import { query } from '@troupe/chassis/testing';
import { inventoryService } from '@troupe/inventory';
import { orderService } from '@troupe/order';
import { paymentService } from '@troupe/payment';
import { DEFAULT_BOUNDS, type End, ORDER, prove, type Scenario, SKU, scenarios, type TraceStep } from '@troupe/prover';
import { shippingService } from '@troupe/shipping';
import { commanded, incoming, type Rig, rigOf } from './rig.ts';

/** Products of the real database: one with many units, and one with none. */
const [PLENTY, NONE] = ['SKU-001', 'SKU-099'];

interface Published {
  readonly id: string;
  readonly type: string;
  readonly payload: string;
}

/** A proof is about a model of databases and topics. Here its ways are gone on real ones. */
describe('the shortest way to an end, on real databases, ends there too', () => {
  const rigs = new Map<string, Rig>();
  beforeAll(async () => {
    rigs.set('order', await rigOf(orderService, 'order'));
    rigs.set('payment', await rigOf(paymentService, 'payment'));
    rigs.set('inventory', await rigOf(inventoryService, 'inventory'));
    rigs.set('shipping', await rigOf(shippingService, 'shipping'));
  });
  afterAll(async () => {
    for (const rig of rigs.values()) await rig.close();
  });
  const rig = (service: string): Rig => rigs.get(service) as Rig;

  // An approval is awaited by the clock, and a real one cannot be moved.
  const all = scenarios(DEFAULT_BOUNDS, 'at once').filter(({ name }) =>
    ['choreographed: one order', 'choreographed: one order, out of stock'].includes(name),
  );

  it.each(all.map((scenario) => [scenario.name, scenario] as const))('%s', async (_, scenario) => {
    const { ends } = await prove(scenario, { most: 1_000_000 });
    expect(ends.length).toBeGreaterThan(8);
    for (const end of ends) expect([end.end, await gone(end, scenario)]).toEqual([end.end, end.end]);
  });

  async function gone({ shortest }: End, { placed }: Scenario): Promise<string> {
    const orderId = uuidv7();
    const real = <T>(data: T): T =>
      JSON.parse(
        JSON.stringify(data)
          .replaceAll(ORDER, orderId)
          .replaceAll(SKU, placed.stock > 0 ? PLENTY : NONE),
      );
    await rig('order').work([commanded('PlaceOrder', real({ ...placement, deadlineMs: 60_000 }))]);
    for (const step of shortest) await go(step, orderId, real);
    return await endOf(orderId);
  }

  async function go({ label, handles = [] }: TraceStep, orderId: string, real: <T>(data: T) => T): Promise<void> {
    for (const handled of handles) await handle(label, handled, orderId, real);
  }

  async function handle(
    label: string,
    { service, message }: NonNullable<TraceStep['handles']>[number],
    orderId: string,
    real: <T>(data: T) => T,
  ): Promise<void> {
    switch (message.kind) {
      case 'command':
        await rig(service).work([commanded(message.type, real(message.data) as { readonly orderId: string })]);
        return;
      case 'event': {
        // The one that the real database has to publish.
        const event = await published(message.type, orderId, service);
        if (event === undefined) throw new Error(`${label}: nobody has published ${message.type}.`);
        await rig(service).work([event]);
        return;
      }
      case 'call':
      case 'timer': {
        const [task] = await tasksOf(service, message.type, orderId);
        if (task === undefined) throw new Error(`${label}: ${service} waits for no ${message.type}.`);
        const data = message.kind === 'call' ? { request: task.data, outcome: real(message.outcome) } : task.data;
        await rig(service).work([{ ...task, kind: message.kind, data }]);
        return;
      }
      default:
        message satisfies never;
    }
  }

  /** The next event of a type that a service has not handled yet. */
  async function published(type: string, orderId: string, service: string) {
    const heard = await query<{ id: string }>(rig(service).url, 'SELECT event_id::text AS id FROM chassis.inbox');
    for (const { url } of rigs.values()) {
      const rows = await query<Published>(
        url,
        `SELECT id::text, type, convert_from(payload, 'UTF8') AS payload FROM chassis.outbox
         WHERE aggregateid = '${orderId}' AND type LIKE '%.${type}' ORDER BY position`,
      );
      const row = rows.find(({ id }) => !heard.some((event) => event.id === id));
      if (row !== undefined) return incoming({ type, data: JSON.parse(row.payload) }, row.id);
    }
    return undefined;
  }

  const tasksOf = async (service: string, name: string, orderId: string): Promise<IncomingTask[]> => {
    const rows = await query<{ id: string; data: unknown }>(
      rig(service).url,
      `SELECT id::text, data FROM chassis.task WHERE name = '${name}' AND key = '${orderId}'`,
    );
    const common = {
      kind: 'call',
      type: name,
      key: orderId,
      correlationId: orderId,
      depth: 1,
      parent: ROOT_CONTEXT,
    } as const;
    return rows.map(({ id, data }) => ({ ...common, id, data, causationId: id }));
  };

  async function endOf(orderId: string): Promise<string> {
    const statusIn = async (service: string, table: string): Promise<string> => {
      const sql = `SELECT status FROM ${table} WHERE order_id = '${orderId}'`;
      const [row] = await query<{ status: string }>(rig(service).url, sql);
      return row?.status ?? 'nothing';
    };
    const [order] = await query<{ status: string; reason: string | null }>(
      rig('order').url,
      `SELECT status, reason FROM orders WHERE order_id = '${orderId}'`,
    );
    const [payment, reservation, shipment] = [
      await statusIn('payment', 'payment'),
      await statusIn('inventory', 'reservation'),
      await statusIn('shipping', 'shipment'),
    ];
    const reason = order?.reason == null ? '' : ` (${order.reason})`;
    return `${order?.status}${reason}: payment ${payment}, reservation ${reservation}, shipment ${shipment}`;
  }

  const placement = {
    orderId: ORDER,
    customerId: 'customer',
    items: [{ sku: SKU, quantity: 1, unitPrice: 1 }],
    total: 1_000,
    currency: 'USD',
    paymentToken: 'tok_ok',
  };
});
