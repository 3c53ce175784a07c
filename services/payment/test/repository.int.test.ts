import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ClonedDatabase, cloneWithClient } from '@troupe/chassis/testing';
import { PrismaClient } from '@troupe/payment-database';
import { paymentApi } from '../src/api.ts';
import { dueOf, type Payment } from '../src/payment.ts';
import { findPayment, paymentRepository } from '../src/repository.ts';

let clone: ClonedDatabase & { readonly database: PrismaClient };
beforeAll(async () => {
  clone = await cloneWithClient('payment', (adapter) => new PrismaClient({ adapter }));
});
afterAll(() => clone.drop());

const save = (...rows: readonly Payment[]) =>
  clone.database.$transaction((tx) => paymentRepository.save(tx, new Map(rows.map((row) => [row.orderId, row]))));
const load = (...keys: readonly string[]) => clone.database.$transaction((tx) => paymentRepository.load(tx, keys));

const due = () => ({
  orderId: randomUUID(),
  paymentId: randomUUID(),
  customerId: 'ada “Ω” 💳',
  items: [{ sku: 'SKU-001', quantity: 2 }],
  amount: Number.MAX_SAFE_INTEGER,
  currency: 'USD',
});
const undoing = () => ({ ...due(), chargeId: randomUUID(), undoReason: 'OUT_OF_STOCK' as const, refundAttempts: 3 });
const moment = new Date('2026-11-21T09:30:00.123Z');

/** Every state that there is, with and without what it may have. */
const everyState = (): Payment[] => [
  { ...due(), status: 'AWAITING_APPROVAL', paymentToken: 'tok_ok', approvalExpiresAt: moment },
  { ...due(), status: 'CHARGING' },
  { ...due(), status: 'CHARGING', undoReason: 'ORDER_CANCELLED' },
  { ...due(), status: 'COMPLETED', chargeId: randomUUID() },
  { ...due(), status: 'FAILED', failure: 'DECLINED', detail: '' },
  { ...undoing(), status: 'REFUNDING' },
  { ...undoing(), status: 'REFUND_FAILED', detail: 'Try again.', nextAttemptAt: moment },
  { ...undoing(), status: 'REFUND_FAILED', detail: 'Try again.' },
  { ...undoing(), status: 'REFUNDED', refundId: randomUUID() },
  { ...undoing(), status: 'RESOLVED', detail: 'Bank transfer 4711.' },
  { status: 'VOID', orderId: randomUUID() },
  { ...due(), status: 'CHARGING', orchestrated: true },
  { ...undoing(), status: 'REFUNDED', refundId: randomUUID(), orchestrated: true },
];

describe('a payment that is saved', () => {
  it('is loaded again as it was, whatever its state', async () => {
    const payments = everyState();
    await save(...payments);
    const loaded = await load(...payments.map(({ orderId }) => orderId), randomUUID());
    expect(loaded).toEqual(new Map(payments.map((payment) => [payment.orderId, payment])));
  });

  it('takes the place of what its order had, and keeps the moment of its beginning', async () => {
    const first: Payment = { ...due(), status: 'AWAITING_APPROVAL', paymentToken: 'tok', approvalExpiresAt: moment };
    await save(first);
    const before = await findPayment(clone.database, first.orderId);
    const second: Payment = { ...dueOf(first), status: 'CHARGING' };
    await save(second);
    expect((await load(first.orderId)).get(first.orderId)).toEqual(second);
    const after = await findPayment(clone.database, first.orderId);
    expect(after).toMatchObject({ status: 'CHARGING', paymentToken: null, createdAt: before?.createdAt });
    expect(after?.updatedAt.getTime()).toBeGreaterThanOrEqual(before?.updatedAt.getTime() ?? Number.NaN);
  });

  it('is refused by the database itself when one charge was to pay for two orders', async () => {
    const chargeId = randomUUID();
    await save({ ...due(), status: 'COMPLETED', chargeId });
    await expect(save({ ...due(), status: 'COMPLETED', chargeId })).rejects.toMatchObject({ code: 'P2010' });
  });

  it('is refused by the database itself when an order was to be charged again, however it is spelled', async () => {
    for (const first of everyState()) {
      await save(first);
      for (const orderId of [first.orderId, first.orderId.toUpperCase()]) {
        const again: Payment = { ...due(), orderId, status: 'CHARGING' };
        await expect(save(again)).rejects.toThrow(`which is ${first.status}: it is charged once`);
      }
      expect((await load(first.orderId)).get(first.orderId)).toEqual(first);
    }
  });

  it.each([
    ['an unknown status', { ...due(), status: 'PAID' }],
    ['money that was taken by nobody', { ...due(), status: 'COMPLETED' }],
    ['a charge of what is not charged', { ...due(), status: 'CHARGING', chargeId: 'ch_1' }],
    ['a failure without a reason', { ...due(), status: 'FAILED', detail: '' }],
    ['a tombstone with an amount', { ...due(), status: 'VOID' }],
    ['a means of payment that is kept too long', { ...due(), status: 'CHARGING', paymentToken: 'tok_ok' }],
    ['settled by hand, and nobody says how', { ...undoing(), status: 'RESOLVED' }],
    [
      "settled by hand with the provider's reference",
      { ...undoing(), status: 'RESOLVED', detail: '', refundId: 're_1' },
    ],
    ['a refund without a reference', { ...undoing(), status: 'REFUNDED' }],
    ['a tombstone of an order whose style is known', { status: 'VOID', orderId: randomUUID(), orchestrated: true }],
    ['a refund of which nobody knows why', { ...undoing(), status: 'REFUNDING', undoReason: undefined }],
  ])('is refused by the database itself when it is %s', async (_, row) => {
    await expect(save(row as unknown as Payment)).rejects.toMatchObject({ code: 'P2010' });
  });
});

describe('GET /payments/:orderId', () => {
  const show = async (orderId: string) => {
    const routes = paymentApi({ database: clone.database, config: undefined, changes: { next: async () => {} } });
    const route = routes.find(({ method }) => method === 'get');
    if (route?.kind !== 'query') throw new Error('there is no such route');
    const input = { params: { orderId }, query: { wait: 0 }, body: undefined, customerId: 'demo', traceId: '' };
    const answer = await route.handle({ ...input, signal: new AbortController().signal } as never);
    return route.response.parse(answer.body);
  };

  it('shows every state, and never the means of payment', async () => {
    const payments = everyState();
    await save(...payments);
    for (const { orderId, status } of payments) {
      const shown = await show(orderId);
      expect(shown).toMatchObject({ orderId, status, createdAt: expect.any(String), updatedAt: expect.any(String) });
      expect(JSON.stringify(shown)).not.toContain('tok_ok');
    }
  });

  it('shows what an operator needs of a refund that failed', async () => {
    const payment: Payment = { ...undoing(), status: 'REFUND_FAILED', detail: 'Try again.', nextAttemptAt: moment };
    await save(payment);
    expect(await show(payment.orderId)).toMatchObject({
      reason: 'OUT_OF_STOCK',
      detail: 'Try again.',
      refundAttempts: 3,
      amount: Number.MAX_SAFE_INTEGER,
      chargeId: payment.chargeId,
      nextAttemptAt: moment.toISOString(),
    });
  });

  it('says so when there is none', async () => {
    await expect(show(randomUUID())).rejects.toMatchObject({ code: 'PAYMENT_NOT_FOUND', status: 404 });
  });
});
