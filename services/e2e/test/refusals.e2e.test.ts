import { describe, expect, it } from '@jest/globals';
import { fromStack, query } from '@troupe/chassis/testing';
import { audit } from '../../../infra/audit/src/index.ts';
import {
  ended,
  eventually,
  get,
  moved,
  type OrderView,
  operator,
  payment,
  place,
  placeOrchestrated,
  post,
  urlOf,
} from './system.ts';

/** The orders of this file, all of which come to their end. */
const orders: string[] = [];
async function noted<Placed extends { readonly orderId: string }>(placing: Promise<Placed>): Promise<Placed> {
  const placed = await placing;
  orders.push(placed.orderId);
  return placed;
}

const databaseUrl = (service: string): string =>
  Object.assign(new URL(fromStack('TEST_POSTGRES_ADMIN_URL')), { pathname: `/troupe_${service}` }).href;
const site = {
  databaseUrl,
  brokers: fromStack('TEST_KAFKA_BROKERS'),
  providerUrl: urlOf('provider'),
  carrierUrl: urlOf('carrier'),
};
/** What the audit finds wrong with the orders of this file; those of others are on their way. */
async function wrongWithThem(): Promise<readonly string[]> {
  const { results } = await audit(site, { atRest: true, boundMs: 0, most: 10_000 });
  return results.flatMap(({ check, findings }) =>
    findings
      .filter(({ id, what }) => orders.some((orderId) => `${id} ${what}`.includes(orderId)))
      .map(({ id, what }) => `${check.name}: ${id} ${what}`),
  );
}

const orderOf = async (orderId: string) =>
  (await get<OrderView & { detail: string }>('order', `/orders/${orderId}`)).body;
const readyReasons = async () =>
  (await get<{ reasons?: Record<string, string> }>('payment', '/readyz')).body.reasons ?? {};

interface WaitingCall {
  readonly call: string;
  readonly end?: string;
  readonly lookFirst?: string;
  readonly oldest: readonly { readonly orderId: string; readonly key: string; readonly attempts: number }[];
}
const chargesThatWait = async (orderId: string) => {
  const { body } = await get<{ calls: WaitingCall[] }>('payment', '/waiting?limit=100');
  const charges = body.calls.find(({ call }) => call === 'Charge');
  return charges?.oldest.some((one) => one.orderId === orderId) ? charges : undefined;
};
const acts = (orderId: string) => {
  return query(
    databaseUrl('payment'),
    `SELECT operator, act, reason FROM chassis.operator_act WHERE target = '${orderId}' ORDER BY id`,
  );
};

describe('an order whose charge the provider refuses for good', () => {
  it.each([
    ['400', place],
    ['401', place],
    ['403', place],
    ['422', place],
    ['400', placeOrchestrated],
    ['403', placeOrchestrated],
  ])('with %s ends, and its customer reads why', async (status, placeIt) => {
    const { orderId } = await noted(placeIt('SKU-002', `tok_refused_${status}`));
    expect(await ended(orderId)).toMatchObject({ status: 'CANCELLED', reason: 'PAYMENT_REFUSED' });
    const cause = `The payment provider refused the charge (${status} not_accepted)`;
    expect((await orderOf(orderId)).detail).toContain(cause);
    expect(await payment(orderId)).toMatchObject({ status: 'FAILED', reason: 'PROVIDER_REFUSED' });
    expect(await moved(orderId)).toEqual([]);
  });

  it('holds up nobody: twenty of them in a row open no circuit, and an order among them takes no longer', async () => {
    const refused = await Promise.all(Array.from({ length: 20 }, () => noted(place('SKU-003', 'tok_refused_400'))));
    const startedAt = performance.now();
    const { orderId } = await noted(place('SKU-003'));
    expect(await ended(orderId)).toMatchObject({ status: 'CONFIRMED' });
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    for (const one of refused) {
      expect(await ended(one.orderId)).toMatchObject({ status: 'CANCELLED', reason: 'PAYMENT_REFUSED' });
    }
    expect(await readyReasons()).not.toHaveProperty('Charge');
    const metrics = await (await fetch(`${urlOf('payment')}/metrics`)).text();
    expect(metrics).toMatch(/troupe_calls_refused_total\{call="Charge",status="400"[^}]*\} [1-9]/);
    expect(metrics).toMatch(/troupe_circuit_open\{participant="Charge"[^}]*\} 0/);
  });

  it('of a token of 150 emoji, which is counted as 150 characters everywhere: the provider does not know it', async () => {
    const { orderId } = await noted(place('SKU-002', '😀'.repeat(150)));
    expect(await ended(orderId)).toMatchObject({ status: 'CANCELLED', reason: 'PAYMENT_DECLINED' });
    const tooLong = await post<{ detail: string }>('order', '/orders', {
      items: [{ sku: 'SKU-002', quantity: 1 }],
      paymentToken: '😀'.repeat(201),
    });
    expect([tooLong.status, tooLong.body.detail]).toEqual([422, expect.stringContaining('you sent 201')]);
  });
});

describe('a refund that the provider refuses for good, with a code that nobody knows,', () => {
  it('waits for a person', async () => {
    const { orderId } = await noted(place('SKU-099', 'tok_refund_refused_403'));
    await eventually(
      () => payment(orderId),
      ({ status }) => status === 'REFUND_FAILED',
    );
    await eventually(
      () => orderOf(orderId),
      ({ status, reason }) => status === 'NEEDS_ATTENTION' && reason === 'REFUND_FAILED',
    );
    const path = `/payments/${orderId}/refund/resolve`;
    const settled = await eventually(
      () => post('payment', path, { reason: 'Bank transfer 4712.' }, operator),
      ({ status }) => status !== 409,
    );
    expect(settled.status).toBe(200);
    await eventually(
      () => orderOf(orderId),
      ({ status, reason }) => status === 'CANCELLED' && reason === 'OUT_OF_STOCK',
    );
  });
});

describe('a charge that the provider never answers', () => {
  it("is shown with its remedy, ended by a person, and its order ends in that person's words", async () => {
    const { orderId } = await noted(place('SKU-004', 'tok_slow_900000'));
    const shown = await eventually(() => chargesThatWait(orderId), Boolean);
    expect(shown).toMatchObject({
      end: '/waiting/Charge/{key}/end',
      lookFirst: expect.stringContaining("Look into the provider's ledger first"),
    });
    const path = `/waiting/Charge/${orderId}/end`;
    const reason = 'The provider has no such charge: its ledger was looked at.';
    expect((await post('payment', path, { reason })).status).toBe(400);
    const answer = await post('payment', `${path}?wait=20`, { reason }, operator);
    expect(answer).toMatchObject({ status: 200, body: { call: 'Charge', key: orderId, tookEffect: true } });
    expect(await ended(orderId)).toMatchObject({ status: 'CANCELLED', reason: 'PAYMENT_REFUSED' });
    expect((await orderOf(orderId)).detail).toBe(reason);
    expect(await acts(orderId)).toEqual([{ operator: 'grace', act: 'call.end', reason }]);
    expect((await post<{ code: string }>('payment', path, { reason }, operator)).body.code).toBe('CALL_NOT_WAITING');
    expect(await payment(orderId)).toMatchObject({ status: 'FAILED' });
  });
});

describe('every service that calls somebody', () => {
  it.each(['order', 'payment', 'shipping', 'notification'] as const)(
    'describes how a call is ended, and how lengths are counted: %s',
    async (service) => {
      interface Document {
        readonly info: { readonly description: string };
        readonly paths: Record<string, { readonly post?: { readonly summary: string } }>;
      }
      const { body } = await get<Document>(service, '/openapi.json');
      expect(body.info.description).toContain('code points');
      expect(body.paths['/waiting/{call}/{key}/end']?.post?.summary).toContain('end a call that nobody answers');
    },
  );
});

describe('after all of that', () => {
  it('the audit finds nothing wrong with any of these orders', async () => {
    expect(orders.length).toBeGreaterThan(25);
    await eventually(wrongWithThem, (wrongs) => wrongs.length === 0);
  });
});
