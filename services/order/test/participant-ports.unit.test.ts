import { describe, expect, it } from '@jest/globals';
import { type CallContext, type JsonClient, jsonAnswer, Refused, Retryable, type StepAnswer } from '@troupe/chassis';
import { performersOf } from '../src/orchestrated/participant-ports.ts';
import { orderId } from './story.ts';

type Perform = (request: unknown, context: CallContext) => Promise<StepAnswer | Refused>;
type Answers = (path: string) => readonly [status: number, body: unknown];

const context: CallContext = {
  idempotencyKey: 'ask/1',
  causationId: 'step-1',
  depth: 1,
  attempt: 1,
  headers: {},
  signal: new AbortController().signal,
};
const items = [{ sku: 'SKU-001', quantity: 1 }];
const requests = {
  ChargePayment: { orderId, customerId: 'ada', items, amount: 1, currency: 'USD', paymentToken: 'tok_ok' },
  RefundPayment: { orderId, reason: 'ORDER_CANCELLED', round: 0 },
  ReserveStock: { orderId, items },
  ReleaseStock: { orderId, items, reason: 'ORDER_CANCELLED' },
  ScheduleShipment: { orderId, items },
  CancelShipment: { orderId, round: 0 },
} as const;
const asks = Object.keys(requests) as (keyof typeof requests)[];

/** A participant that answers by path, as the real ones do over HTTP. */
function asked(name: keyof typeof requests, answers: Answers, request: object = {}): Promise<StepAnswer | Refused> {
  const answer = async (path: string) => jsonAnswer('participant', ...answers(path));
  const all: JsonClient = { post: answer, get: answer };
  const [, perform] = performersOf({ payment: all, inventory: all, shipping: all })[name];
  return (perform as Perform)({ ...requests[name], ...request }, context);
}

describe.each(asks)('the port of %s', (name) => {
  it.each([400, 401, 403, 404, 409, 413, 422])(
    'takes %i for a refusal, with the code of the participant',
    async (status) => {
      const refusal = await asked(name, () => [status, { code: 'NO', detail: 'It cannot be done.' }]);
      expect(refusal).toBeInstanceOf(Refused);
      expect(refusal).toMatchObject({ code: 'NO', detail: 'It cannot be done.' });
    },
  );

  it.each([
    ['408', 408, {}],
    ['425', 425, {}],
    ['429', 429, {}],
    ['500', 500, {}],
    ['503', 503, {}],
    ['a redirect', 302, {}],
    ['a request that is still being worked on', 409, { code: 'IDEMPOTENCY_KEY_IN_USE' }],
    ['2xx without a status', 200, { hello: 'world' }],
    ['2xx that is no object', 200, null],
    ['2xx that is no JSON', 200, undefined],
  ])('takes %s for no answer: it is asked again', async (_, status, body) => {
    await expect(asked(name, () => [status, body])).rejects.toBeInstanceOf(Retryable);
  });
});

describe('what the participants came to', () => {
  it('a charge that the provider has refused ends the order with that reason', async () => {
    const failed = { status: 'FAILED', reason: 'PROVIDER_REFUSED', detail: 'Not taken.' };
    expect(await asked('ChargePayment', () => [200, failed])).toEqual({
      kind: 'refused',
      code: 'PAYMENT_REFUSED',
      detail: 'Not taken.',
    });
  });

  it.each(['ChargePayment', 'ScheduleShipment', 'RefundPayment', 'CancelShipment'] as const)(
    'a participant that has taken %s and does not let us look may have done it',
    async (name) => {
      for (const status of [401, 403, 404, 409, 422]) {
        const answers: Answers = (path) =>
          path.includes('wait') ? [status, undefined] : [202, { status: 'CHARGING' }];
        expect(await asked(name, answers)).toMatchObject({ code: `HTTP_${status}`, mayBeDone: true });
      }
    },
  );

  it.each(['ChargePayment', 'ReserveStock', 'ScheduleShipment'] as const)(
    'a status that %s knows nothing of may mean that it was done: an old orchestrator beside a new participant',
    async (name) => {
      for (const status of ['AUTHORIZED', 'VOID', 'REFUNDED', 'RELEASED', 'CANCELLED'])
        expect(await asked(name, () => [200, { status }])).toMatchObject({ kind: 'refused', mayBeDone: true });
    },
  );

  it('an approval that is awaited until no moment is no answer', async () => {
    const awaiting = (approvalExpiresAt: unknown): Answers => {
      return () => [200, { status: 'AWAITING_APPROVAL', approvalExpiresAt }];
    };
    await expect(asked('ChargePayment', awaiting('tomorrow'))).rejects.toBeInstanceOf(Retryable);
    const until = '2026-11-30T12:00:00.000Z';
    expect(await asked('ChargePayment', awaiting(until))).toMatchObject({ kind: 'waiting', until });
  });

  it('a payment that says that it is completed, and not which, is no answer', async () => {
    await expect(asked('ChargePayment', () => [200, { status: 'COMPLETED' }])).rejects.toThrow(
      /not what was asked for/,
    );
    await expect(asked('RefundPayment', () => [200, { status: 'REFUNDED' }])).rejects.toThrow(/not what was asked for/);
    await expect(asked('ScheduleShipment', () => [200, { status: 'SCHEDULED' }])).rejects.toBeInstanceOf(Retryable);
  });

  it('a participant that has nothing to retry any more is looked at again, and one that is busy is asked again', async () => {
    let looks = 0;
    const answers =
      (told: number): Answers =>
      (path) => {
        if (path.endsWith('/retry')) return [told, { code: 'REFUND_NOT_FAILED' }];
        if (!path.includes('wait')) return [202, { status: 'REFUND_FAILED' }];
        looks += 1;
        return [200, looks === 1 ? { status: 'REFUND_FAILED' } : { status: 'REFUNDED', paymentId: 'p', amount: 7 }];
      };
    expect(await asked('RefundPayment', answers(409), { round: 1 })).toMatchObject({ kind: 'done' });
    looks = 0;
    await expect(asked('RefundPayment', answers(429), { round: 1 })).rejects.toBeInstanceOf(Retryable);
  });
});
