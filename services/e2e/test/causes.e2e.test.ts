import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startHastyOrder } from './outages/hasty-order.ts';
import type { StartedInstance } from './outages/instance.ts';
import { type Accepted, eventually, get, type OrderView, operator, payment, post, urlOf } from './system.ts';
import { readTopics, type Told } from './topics.ts';

// The contract (docs/decisions/0036, 0058): "from correlation and causation alone one can draw the tree of a saga", and each event
// says how deep it lies in it. Tested on the topics, by a reader who knows only the conventions of the wire and `GET /sagas/<id>`.

/** What customers send is no cause of anything, whatever they say. */
const forged = { 'x-causation-id': randomUUID(), 'x-causation-depth': '60' };

interface Order {
  readonly story: string;
  readonly orderId: string;
  readonly ends: object;
}
interface Step {
  readonly id: string;
  readonly name: string;
  readonly compensation?: { readonly id: string };
}

const styles = [
  { style: 'choreographed', path: '/orders' },
  { style: 'orchestrated', path: '/orders/orchestrated' },
] as const;

describe.each(styles)('the causes of the events of an order, $style,', ({ style, path }) => {
  let hasty: StartedInstance;
  let orders: readonly Order[];
  let told: readonly Told[];

  beforeAll(async () => {
    hasty = await startHastyOrder(3_000);
    orders = await Promise.all([
      story('confirmed', { sku: 'SKU-001' }, { status: 'CONFIRMED' }),
      story('declined', { sku: 'SKU-002', token: 'tok_declined' }, { reason: 'PAYMENT_DECLINED' }),
      story('out of stock', { sku: 'SKU-099' }, { reason: 'OUT_OF_STOCK' }),
      story('refused by the carrier', { sku: 'SKU-100' }, { reason: 'SHIPMENT_REFUSED' }),
      story('approved', { sku: 'SKU-098' }, { status: 'CONFIRMED' }, decided('approve')),
      story('rejected', { sku: 'SKU-098' }, { reason: 'APPROVAL_REJECTED' }, decided('reject')),
      story('never approved', { sku: 'SKU-098' }, { reason: 'APPROVAL_TIMEOUT' }),
      story('cancelled', { sku: 'SKU-003', token: 'tok_slow_3000' }, { reason: 'CUSTOMER' }, cancelled),
      story('refunded by hand', { sku: 'SKU-099', token: 'tok_refund_fails_99' }, { reason: 'OUT_OF_STOCK' }, resolved),
      story('too late', { sku: 'SKU-004', token: 'tok_slow_9000', at: hasty.url }, { reason: 'TIMEOUT' }),
    ]);
    for (const { orderId, ends } of orders)
      await eventually(
        async () => (await get<OrderView>('order', `/orders/${orderId}`)).body,
        (seen) => matches(seen, ends),
      );
    // The last word on each order is an e-mail; money that goes back may come behind it.
    await eventually(
      async () => {
        told = await readTopics();
        return orders.filter(({ orderId }) => !isOver(told.filter(({ key }) => key === orderId)));
      },
      (open) => open.length === 0,
    );
  });
  afterAll(() => hasty?.end());

  async function story(
    name: string,
    { sku, token = 'tok_ok', at = urlOf('order') }: { sku: string; token?: string; at?: string },
    ends: object,
    then: (orderId: string) => Promise<unknown> = async () => undefined,
  ): Promise<Order> {
    const response = await fetch(at + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...forged },
      body: JSON.stringify({ items: [{ sku, quantity: 1 }], paymentToken: token }),
    });
    const { orderId } = (await response.json()) as Accepted;
    await then(orderId);
    return { story: name, orderId, ends };
  }

  const stepsOf = async (orderId: string): Promise<readonly Step[]> => {
    const { status, body } = await get<{ steps: Step[] }>('order', `/sagas/${orderId}`);
    return status === 404 ? [] : body.steps;
  };

  it('are events of the order that are on a topic, or steps that its saga shows; each order has one root; none goes in circles', async () => {
    const wrong: string[] = [];
    for (const { story: name, orderId } of orders) {
      const steps = (await stepsOf(orderId)).flatMap(({ id, compensation }) => [id, compensation?.id ?? id]);
      wrong.push(...looseIn(ofOrder(orderId), new Set(steps)).map((what) => `${name}: ${what}`));
      expect(steps.length > 0).toBe(style === 'orchestrated');
    }
    expect(wrong).toEqual([]);
  });

  it('are those of the contract, for each event of an order that is confirmed', async () => {
    const { orderId } = orders[0] as Order;
    const names = new Map<string, string>();
    for (const { id, name } of await stepsOf(orderId)) names.set(id, name);
    for (const { headers } of ofOrder(orderId)) names.set(headers.ce_id ?? '', nameOf(headers));
    const edges = ofOrder(orderId).map(({ headers }) => [nameOf(headers), names.get(headers.ce_causationid ?? '')]);
    const orchestrated = style === 'orchestrated';
    expect(Object.fromEntries(edges)).toEqual({
      OrderCreated: 'OrderCreated',
      PaymentCompleted: orchestrated ? 'charge payment' : 'OrderCreated',
      InventoryReserved: orchestrated ? 'reserve stock' : 'PaymentCompleted',
      ShipmentScheduled: orchestrated ? 'schedule shipment' : 'InventoryReserved',
      OrderConfirmed: orchestrated ? 'confirm order' : 'ShipmentScheduled',
      NotificationSent: 'OrderConfirmed',
    });
  });

  it('lie one deeper than their cause; what follows from a step lies one deeper than an event that led to it', async () => {
    for (const { story: name, orderId } of orders) {
      const events = ofOrder(orderId);
      const depths = new Map(events.map(({ headers }) => [headers.ce_id, Number(headers.ce_depth)]));
      for (const { headers } of events) {
        const { ce_id: id, ce_causationid: cause } = headers;
        const above = id === cause ? [0] : depths.has(cause) ? [depths.get(cause)] : [...depths.values()];
        const told = `${nameOf(headers)} of the order ${name} lies below ${above}`;
        expect([told, above.includes(Number(headers.ce_depth) - 1)]).toEqual([told, true]);
      }
    }
  });

  const ofOrder = (orderId: string) => told.filter(({ key }) => key === orderId);
});

const nameOf = (headers: Told['headers']): string => headers.ce_type?.split('.').at(-1) ?? '';
const matches = (seen: object, wanted: object): boolean =>
  Object.entries(wanted).every(([name, value]) => (seen as Record<string, unknown>)[name] === value) &&
  (seen as OrderView).status !== 'NEEDS_ATTENTION';

function isOver(told: readonly Told[]): boolean {
  const names = new Set(told.map(({ headers }) => nameOf(headers)));
  const owed = names.has('PaymentCompleted') && names.has('OrderCancelled') && !names.has('PaymentRefunded');
  return names.has('NotificationSent') && !owed;
}

/** What is wrong with the tree of one order. */
function looseIn(told: readonly Told[], steps: ReadonlySet<string>): string[] {
  const causes = new Map(told.map(({ headers }) => [headers.ce_id, headers.ce_causationid]));
  const roots = [...causes].filter(([id, cause]) => id === cause);
  const circling = (id: string | undefined, seen: readonly (string | undefined)[] = []): boolean => {
    const cause = causes.get(id);
    if (cause === undefined || cause === id) return false;
    return seen.includes(cause) || circling(cause, [...seen, cause]);
  };
  return [
    ...(roots.length === 1 ? [] : [`there are ${roots.length} roots`]),
    ...told.flatMap(({ headers: { ce_id, ce_causationid = '', ce_correlationid }, headers, key }) => [
      ...(causes.has(ce_causationid) || steps.has(ce_causationid) ? [] : [`${nameOf(headers)} leads nowhere`]),
      ...(ce_correlationid === key ? [] : [`${nameOf(headers)} is of ${ce_correlationid}`]),
      ...(circling(ce_id) ? [`${nameOf(headers)} goes in circles`] : []),
    ]),
  ];
}

const decided = (decision: 'approve' | 'reject') => async (orderId: string) => {
  await eventually(
    () => payment(orderId),
    ({ status }) => status === 'AWAITING_APPROVAL',
  );
  await post('payment', `/payments/${orderId}/approval`, { decision, reason: 'looked at' }, { ...operator, ...forged });
};

async function cancelled(orderId: string): Promise<void> {
  await eventually(
    () => payment(orderId),
    ({ status }) => status === 'CHARGING',
  );
  await post('order', `/orders/${orderId}/cancel`, {}, forged);
}

/** By whoever is asked for it: the orchestrator, or payment. */
async function resolved(orderId: string): Promise<void> {
  await eventually(
    () => payment(orderId),
    ({ status }) => status === 'REFUND_FAILED',
  );
  const saga = () => get<{ status: string }>('order', `/sagas/${orderId}`);
  const word = { reason: 'paid in cash' };
  if ((await saga()).status === 404) {
    await eventually(
      () => post('payment', `/payments/${orderId}/refund/resolve`, word, operator),
      ({ status }) => status === 200,
    );
    return;
  }
  await eventually(
    async () => (await post('order', `/sagas/${orderId}/resolve`, word, operator)).status,
    (status) => status === 202,
  );
}
