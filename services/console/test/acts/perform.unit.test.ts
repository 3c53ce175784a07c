import { afterEach, describe, expect, it } from '@jest/globals';
import { json, type StandIn, standIn } from '@troupe/chassis/testing';
import { perform } from '../../src/acts/perform.ts';
import { ACTS } from '../../src/acts/table.ts';

const ID = '01a1fd37-62cd-7000-8000-54f2e86ecfbc';
const by = { operator: 'ada', reason: 'bank transfer 4711', idempotencyKey: 'k-1' };

let there: StandIn | undefined;
afterEach(() => there?.close());

async function done(
  act: string,
  params: Record<string, string>,
  answer = json(200, {}),
  reason: string | undefined = by.reason,
) {
  there = await standIn(answer);
  const url = there.url;
  const services = ['order', 'payment', 'shipping'].map((name) => ({ name, doc: '', url: `${url}/${name}` }));
  const result = await perform(services, act, params, { ...by, reason });
  return { result, seen: there.seen };
}

describe('an act', () => {
  it.each([
    ['approve', { orderId: ID }, `/payment/payments/${ID}/approval`, { decision: 'approve' }],
    ['reject', { orderId: ID }, `/payment/payments/${ID}/approval`, { decision: 'reject' }],
    ['retry-refund', { orderId: ID }, `/payment/payments/${ID}/refund/retry`, {}],
    ['resolve-refund', { orderId: ID }, `/payment/payments/${ID}/refund/resolve`, {}],
    ['retry-cancellation', { orderId: ID }, `/shipping/shipments/${ID}/cancellation/retry`, {}],
    ['resolve-cancellation', { orderId: ID }, `/shipping/shipments/${ID}/cancellation/resolve`, {}],
    ['retry-saga', { orderId: ID }, `/order/sagas/${ID}/retry`, {}],
    ['compensate-saga', { orderId: ID }, `/order/sagas/${ID}/compensate`, {}],
    ['resolve-saga', { orderId: ID }, `/order/sagas/${ID}/resolve`, {}],
    [
      'end-call',
      { service: 'payment', call: 'Charge', key: `${ID}/a b` },
      `/payment/waiting/Charge/${ID}%2Fa%20b/end?wait=5`,
      {},
    ],
    ['retry-unpublished', { service: 'order', id: ID }, `/order/unpublished/${ID}/retry`, {}],
    ['discard-unpublished', { service: 'order', id: ID }, `/order/unpublished/${ID}/discard`, {}],
    ['discard-dead-letter', { service: 'order', id: ID }, `/order/dead-letters/${ID}/discard`, {}],
    ['replay-dead-letters', { service: 'order', ids: `${ID},${ID}` }, '/order/dead-letters/replays', { ids: [ID, ID] }],
    [
      'replay-dead-letters',
      { service: 'order', code: 'AVRO_BROKEN' },
      '/order/dead-letters/replays',
      { filter: { code: 'AVRO_BROKEN' } },
    ],
    ['replay-dead-letters', { service: 'order' }, '/order/dead-letters/replays', { filter: { status: 'DEAD' } }],
  ] as const)('%s is one request in the name of the operator', async (act, params, url, body) => {
    const { result, seen } = await done(act, params);
    expect(result).toMatchObject({ ok: true, code: null });
    expect(seen).toMatchObject([
      { url, body: { ...body, reason: by.reason }, headers: { 'x-operator': 'ada', 'idempotency-key': 'k-1' } },
    ]);
  });

  it('cancels an order in the name of its customer, and takes no reason along that the service does not know', async () => {
    const { seen } = await done('cancel-order', { orderId: ID, customerId: 'c-1' });
    expect(seen).toMatchObject([{ url: `/order/orders/${ID}/cancel`, headers: { 'x-customer-id': 'c-1' } }]);
    expect(seen[0]?.body).toEqual({});
  });

  it('always has a key, so that what is sent twice is done once', async () => {
    there = await standIn(json(200, {}));
    const services = [{ name: 'payment', doc: '', url: there.url }];
    await perform(services, 'approve', { orderId: ID }, { ...by, idempotencyKey: undefined });
    expect(there.seen[0]?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('that the service refuses says so in its words, with its code', async () => {
    const problem = { title: 'The event only waits', detail: 'Decide on that one', code: 'UNPUBLISHED_WAITS' };
    const { result } = await done('retry-unpublished', { service: 'order', id: ID }, json(409, problem));
    expect(result).toEqual({
      ok: false,
      code: 'UNPUBLISHED_WAITS',
      sentence: 'The event only waits. Decide on that one.',
    });
  });

  it('whose service is away is no success', async () => {
    const services = [{ name: 'payment', doc: '', url: 'http://127.0.0.1:1' }];
    const result = await perform(services, 'approve', { orderId: ID }, by);
    expect(result).toMatchObject({ ok: false, code: 'SERVICE_AWAY' });
  });

  it('that the table does not have is refused', async () => {
    await expect(done('drop-tables', {})).rejects.toMatchObject({ status: 404, code: 'ACT_UNKNOWN' });
  });

  it.each([
    ['approve', {}, 'orderId'],
    ['approve', { orderId: '..' }, 'orderId'],
    ['approve', { orderId: '' }, 'orderId'],
    ['discard-dead-letter', { service: 'nobody', id: ID }, 'a service that there is'],
    ['end-call', { service: 'payment', call: '.', key: '..' }, 'call and key'],
  ])('%s that lacks something is refused: %j', async (act, params, lacks) => {
    await expect(done(act, params as Record<string, string>)).rejects.toMatchObject({
      status: 400,
      code: 'ACT_INCOMPLETE',
      message: expect.stringContaining(lacks),
    });
    expect(there?.seen).toEqual([]);
  });

  it('that needs a reason is refused without one', async () => {
    for (const { name, params, needsReason } of ACTS) {
      if (!needsReason) continue;
      const given = Object.fromEntries(params.map((param) => [param, param === 'service' ? 'order' : ID]));
      there = await standIn(json(200, {}));
      const services = ['order', 'payment', 'shipping'].map((one) => ({
        name: one,
        doc: '',
        url: 'http://127.0.0.1:1',
      }));
      await expect(perform(services, name, given, { ...by, reason: undefined })).rejects.toMatchObject({
        code: 'ACT_INCOMPLETE',
      });
      there.close();
    }
  });

  it('cannot leave the address that the table names', async () => {
    const { seen } = await done('approve', { orderId: '../../orders?x=' });
    expect(seen[0]?.url).toBe('/payment/payments/..%2F..%2Forders%3Fx%3D/approval');
  });
});
