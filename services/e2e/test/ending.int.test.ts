import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidv7 } from '@troupe/chassis';
import { type Front, query } from '@troupe/chassis/testing';
import { OrderCancelled, OrderConfirmed, OrderCreated } from '@troupe/schemas';
import { notificationService } from '../../notification/src/service.ts';
import { orderService } from '../../order/src/service.ts';
import { paymentService } from '../../payment/src/service.ts';
import { answersOf, commanded, incoming, type Rig, rigOf } from './rig.ts';

let rig: Rig;
let front: Front;
beforeAll(async () => {
  rig = await rigOf(paymentService, 'payment');
  front = await rig.serve();
});
afterAll(async () => {
  await front?.close();
  await rig?.close();
});

const items = [{ sku: 'SKU-001', quantity: 1, unitPrice: 1_000 }];
const ordered = (orderId: string) =>
  OrderCreated({ orderId, customerId: 'ada', items, amount: 1_000, currency: 'USD', paymentToken: 'tok_ok' });
const cancelled = (orderId: string) =>
  OrderCancelled({ orderId, customerId: 'ada', items: [], reason: 'CUSTOMER', detail: 'You cancelled it.' });

const rows = <Row extends object>(sql: string) => query<Row>(rig.url, sql);
/** Nobody makes the calls of this rig: as if each attempt had come back without an answer, or as if one was under way. */
const leased = (orderId: string, until: string) =>
  rows(`UPDATE chassis.task SET leased_until = ${until}, last_error = 'no answer' WHERE key = '${orderId}'`);

/** An order whose charge nobody answers, and nobody is making. */
async function charging(): Promise<string> {
  const orderId = uuidv7();
  await rig.work([incoming(ordered(orderId))]);
  await leased(orderId, 'NULL');
  return orderId;
}

/** An order whose refund nobody answers. */
async function refunding(): Promise<string> {
  const orderId = await charging();
  await rig.work(await answersOf(rig, 'Charge', (key) => ({ kind: 'charged', chargeId: `charge of ${key}` })));
  await rig.work([incoming(cancelled(orderId))]);
  await leased(orderId, 'NULL');
  return orderId;
}

interface Answered {
  readonly status: number;
  readonly replayed: boolean;
  readonly body: { readonly code?: string; readonly detail?: string; readonly tookEffect?: boolean };
}
async function end(
  call: string,
  key: string,
  { wait = 0, ...headers }: Record<string, string | number> = {},
  url = front.url,
) {
  const response = await fetch(`${url}/waiting/${call}/${encodeURIComponent(key)}/end?wait=${wait}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-operator': 'grace', ...(headers as Record<string, string>) },
    body: JSON.stringify({ reason: 'The provider says that it never came.' }),
  });
  const replayed = response.headers.get('idempotency-replayed') === 'true';
  return { status: response.status, replayed, body: await response.json() } as Answered;
}

const paymentOf = async (orderId: string) =>
  (
    await rows<object>(
      `SELECT status, failure, detail, next_attempt_at AS next FROM payment WHERE order_id = '${orderId}'`,
    )
  )[0];
const tasksOf = (orderId: string) => rows<{ name: string }>(`SELECT name FROM chassis.task WHERE key = '${orderId}'`);
const saidOf = async (orderId: string) =>
  (await rows<{ type: string }>(`SELECT type FROM chassis.outbox WHERE aggregateid = '${orderId}' ORDER BY id`)).map(
    ({ type }) => type,
  );
const actsOf = (orderId: string) =>
  rows(`SELECT operator, act, reason, detail FROM chassis.operator_act WHERE target = '${orderId}' ORDER BY id`);

describe('a charge that nobody answers, ended by a person,', () => {
  it("takes effect like a refusal in that person's words: payment, event, row of the call and audit trail at once", async () => {
    const orderId = await charging();
    const reason = 'The provider says that it never came.';
    expect(await end('Charge', orderId)).toMatchObject({
      status: 200,
      body: { call: 'Charge', key: orderId, tookEffect: true },
    });
    expect(await paymentOf(orderId)).toMatchObject({ status: 'FAILED', failure: 'PROVIDER_REFUSED', detail: reason });
    expect(await saidOf(orderId)).toEqual(['troupe.payment.PaymentFailed']);
    expect(await tasksOf(orderId)).toEqual([]);
    expect(await actsOf(orderId)).toEqual([
      { operator: 'grace', act: 'call.end', reason, detail: { call: 'Charge', key: orderId } },
    ]);
  });

  it('leaves nothing to an answer that comes too late: it is a duplicate', async () => {
    const orderId = await charging();
    const late = await answersOf(rig, 'Charge', () => ({ kind: 'charged', chargeId: 'too late' }));
    await end('Charge', orderId);
    const { outcomes } = await rig.work(late);
    expect(outcomes).toEqual([{ kind: 'duplicate' }]);
    expect(await paymentOf(orderId)).toMatchObject({ status: 'FAILED' });
  });

  it('tells the event that caused the call as the cause of what follows, as an answer would', async () => {
    const orderId = uuidv7();
    const event = incoming(ordered(orderId));
    await rig.work([event]);
    await leased(orderId, 'NULL');
    await end('Charge', orderId);
    expect(await rows(`SELECT ce_causationid AS cause FROM chassis.outbox WHERE aggregateid = '${orderId}'`)).toEqual([
      { cause: event.id },
    ]);
  });

  it('is ended once, by whichever of two comes first, and each key has its answer again', async () => {
    const orderId = await charging();
    const key = { 'idempotency-key': orderId };
    const both = await Promise.all([
      end('Charge', orderId, key),
      end('Charge', orderId, { 'idempotency-key': uuidv7() }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, expect.any(Number)]);
    expect(both.filter(({ status }) => status !== 200).map(({ body }) => body.code)).toEqual([
      expect.stringMatching(/CALL_BEING_MADE|CALL_NOT_WAITING/),
    ]);
    expect(await actsOf(orderId)).toHaveLength(1);
    expect(await saidOf(orderId)).toHaveLength(1);

    const again = await charging();
    const first = await end('Charge', again, { 'idempotency-key': again });
    expect(await end('Charge', again, { 'idempotency-key': again })).toEqual({ ...first, replayed: true });
  });
});

describe('a call cannot be ended', () => {
  it('while it is being made: it may be answered just now, and the refusal says until when', async () => {
    const orderId = await charging();
    await leased(orderId, `now() + interval '15 seconds'`);
    const { status, body } = await end('Charge', orderId);
    expect([status, body.code]).toEqual([409, 'CALL_BEING_MADE']);
    expect(body.detail).toMatch(
      /is being made, or ended by somebody, until \d{4}-.+Z at the latest: it may be answered/,
    );
    expect(await paymentOf(orderId)).toMatchObject({ status: 'CHARGING' });
    expect(await tasksOf(orderId)).toEqual([{ name: 'Charge' }]);
    expect(await actsOf(orderId)).toEqual([]);
  });

  it('but whoever waits ends it as soon as it has come back', async () => {
    const orderId = await charging();
    await leased(orderId, `now() + interval '1 second'`);
    const answer = await end('Charge', orderId.toUpperCase(), { wait: 15 });
    expect(answer).toMatchObject({ status: 200, body: { key: orderId } });
  });

  it('when none waits, or never did; nor one that this service does not make', async () => {
    const orderId = await charging();
    await end('Charge', orderId);
    const gone = await end('Charge', orderId);
    expect([gone.status, gone.body.code]).toEqual([404, 'CALL_NOT_WAITING']);
    expect((await end('Refund', orderId)).status).toBe(404);
    expect((await end('Book', orderId)).status).toBe(400);
  });
});

describe('a refund that nobody answers, ended by a person,', () => {
  it('waits for that person: it is neither asked again by itself nor taken for given back', async () => {
    const orderId = await refunding();
    expect(await end('Refund', orderId)).toMatchObject({ status: 200 });
    expect(await paymentOf(orderId)).toMatchObject({ status: 'REFUND_FAILED', next: null });
    expect(await tasksOf(orderId)).toEqual([]);
    expect((await saidOf(orderId)).at(-1)).toBe('troupe.payment.PaymentRefundFailed');
  });
});

describe('in every service that calls somebody', () => {
  it('a message to a customer, whose key has a slash in it, becomes FAILED', async () => {
    const mail = await rigOf(notificationService, 'notification');
    const desk = await mail.serve();
    try {
      const orderId = uuidv7();
      const order = {
        orderId,
        customerId: 'ada',
        items: [{ sku: 'SKU-001', quantity: 1 }],
        amount: 1,
        currency: 'USD',
      };
      await mail.work([incoming(OrderConfirmed(order))]);
      await query(mail.url, 'UPDATE chassis.task SET leased_until = NULL');
      const answer = await end('Send', `${orderId}/ORDER_CONFIRMED`, {}, desk.url);
      expect(answer).toMatchObject({ status: 200, body: { key: `${orderId}/ORDER_CONFIRMED`, tookEffect: true } });
      expect(await query(mail.url, 'SELECT status FROM notification')).toEqual([{ status: 'FAILED' }]);
      expect(await query(mail.url, 'SELECT target FROM chassis.operator_act')).toEqual([{ target: orderId }]);
      expect(await query(mail.url, 'SELECT aggregateid AS id, type FROM chassis.outbox')).toEqual([
        { id: orderId, type: 'troupe.notification.NotificationFailed' },
      ]);
    } finally {
      await desk.close();
      await mail.close();
    }
  });

  it('what an orchestrator asks is taken for unanswered: it may have been done, and so it is undone', async () => {
    const order = await rigOf(orderService, 'order');
    const desk = await order.serve();
    try {
      const orderId = uuidv7();
      const placement = { orderId, customerId: 'ada', items, total: 1_000, currency: 'USD', deadlineMs: 60_000 };
      await order.work([commanded('PlaceOrchestrated', { ...placement, paymentToken: 'tok_ok' } as never)]);
      await query(order.url, 'UPDATE chassis.task SET leased_until = NULL');
      expect(await end('ChargePayment', orderId, {}, desk.url)).toMatchObject({
        status: 200,
        body: { tookEffect: true },
      });
      expect(await query(order.url, `SELECT status, cause->>'code' AS code FROM saga`)).toEqual([
        { status: 'COMPENSATING', code: 'UNANSWERED' },
      ]);
      expect(await query(order.url, `SELECT name FROM chassis.task WHERE kind = 'call'`)).toEqual([
        { name: 'RefundPayment' },
      ]);

      await query(order.url, 'UPDATE chassis.task SET leased_until = NULL');
      expect(await end('RefundPayment', orderId, {}, desk.url)).toMatchObject({ status: 200 });
      expect(await query(order.url, 'SELECT status FROM saga')).toEqual([{ status: 'COMPENSATION_FAILED' }]);
      expect(await query(order.url, 'SELECT status, reason FROM orders')).toEqual([
        { status: 'NEEDS_ATTENTION', reason: 'REFUND_FAILED' },
      ]);
    } finally {
      await desk.close();
      await order.close();
    }
  });
});
