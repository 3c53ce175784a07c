import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type CallContext, Retryable } from '@troupe/chassis';
import { json, outcomeOf, type StandIn, standIn } from '@troupe/chassis/testing';
import { chargePort, refundPort } from '../src/ports.ts';
import { orderId } from './story.ts';

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const undo of cleanUps.splice(0)) undo();
});

/** A provider that answers every request in the same way, and keeps what it was asked. */
async function provider(answer: (response: ServerResponse) => void): Promise<StandIn> {
  const stand = await standIn(answer);
  cleanUps.push(stand.close);
  return stand;
}

const context = (signal = new AbortController().signal): CallContext => ({
  idempotencyKey: `Charge/${orderId}`,
  causationId: 'event-1',
  depth: 1,
  attempt: 1,
  signal,
  headers: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
});

const charge = { orderId, amount: 2_100, currency: 'USD', paymentToken: 'tok_ok' };
const refund = { orderId, chargeId: 'ch_1', amount: 2_100 };

describe('the port to the payment provider', () => {
  it('sends the key and the trace, and takes yes', async () => {
    const { url, seen } = await provider(json(201, { id: 'ch_1', status: 'succeeded' }));
    expect(await chargePort(url).perform(charge, context())).toEqual({ kind: 'charged', chargeId: 'ch_1' });
    expect(await refundPort(url).perform(refund, context())).toEqual({ kind: 'refunded', refundId: 'ch_1' });
    const headers = { 'idempotency-key': `Charge/${orderId}`, traceparent: context().headers.traceparent };
    expect(seen).toMatchObject([
      {
        url: '/v1/charges',
        headers,
        body: { amount: 2_100, currency: 'USD', token: 'tok_ok', reference: orderId },
      },
      { url: '/v1/refunds', headers, body: { charge: 'ch_1', amount: 2_100, reference: orderId } },
    ]);
  });

  it('takes a declined card as an answer, with the reason in one storable line', async () => {
    const message = `No\u0000 funds\r\nleft. ${'x'.repeat(500)}`;
    const { url } = await provider(json(402, { error: { code: 'card_declined', message } }));
    const outcome = await outcomeOf(chargePort(url), charge, context());
    expect(outcome).toEqual({ kind: 'declined', detail: expect.stringMatching(/^No {2}funds {2}left\. x+$/) });
    expect((outcome as { detail: string }).detail).toHaveLength(200);
  });

  it.each([
    ['refused', 422, 'refund_refused'],
    ['more than was charged', 422, 'amount_too_large'],
    ['of a charge that the provider does not know', 404, 'charge_not_found'],
  ])('takes a refund that is %s as an answer: a person is told in the end', async (_, status, code) => {
    const { url } = await provider(json(status, { error: { code, message: 'Not yet.' } }));
    expect(await outcomeOf(refundPort(url), refund, context())).toEqual({ kind: 'refused', detail: 'Not yet.' });
  });

  it.each([
    ['bad input', 400, json(400, { error: { code: 'invalid_request', message: '/token: too long.' } })],
    ['that it does not know us', 401, json(401, { error: { code: 'unauthorized', message: '/token: too long.' } })],
    ['a reused key', 422, json(422, { error: { code: 'idempotency_key_reused', message: '/token: too long.' } })],
    ['a refusal that is no JSON', 403, (response: ServerResponse) => response.writeHead(403).end('<html>')],
  ])('takes %s as a refusal for good, with its cause', async (_, status, answer) => {
    const { url } = await provider(answer);
    const cause = new RegExp(`^The payment provider refused the charge \\(${status} \\w+\\): .+`);
    expect(await outcomeOf(chargePort(url), charge, context())).toEqual({
      kind: 'refused',
      detail: expect.stringMatching(cause),
    });
    expect(await outcomeOf(refundPort(url), refund, context())).toEqual({
      kind: 'refused',
      detail: expect.stringMatching(/too long|gave no reason/),
    });
  });

  it("is ended by a person in that person's words; a refund then waits for that person", () => {
    const tried = { attempts: 3 };
    expect(chargePort('http://provider').byHand.outcome('It never came.', tried)).toEqual({
      kind: 'refused',
      detail: 'It never came.',
    });
    expect(refundPort('http://provider').byHand.outcome('It never came.', tried)).toEqual({
      kind: 'refused',
      detail: 'It never came.',
      byHand: true,
    });
    for (const port of [chargePort('http://provider'), refundPort('http://provider')])
      expect(port.byHand.lookFirst).toContain("provider's ledger first");
  });

  it.each([
    ['503', json(503, { error: { code: 'unavailable', message: 'Busy.' } })],
    ['500 that is no JSON', (response: ServerResponse) => response.writeHead(500).end('<html>')],
    ['408', json(408, { error: { code: 'timeout', message: 'Too slow.' } })],
    ['425', json(425, { error: { code: 'too_early', message: 'Too early.' } })],
    ['429', json(429, { error: { code: 'rate_limited', message: 'Too many.' } })],
    ['a key that is in use', json(409, { error: { code: 'idempotency_key_in_use', message: 'Still at it.' } })],
    ['201 that is no JSON', (response: ServerResponse) => response.writeHead(201).end('<html>')],
    ['201 without an id', json(201, { status: 'succeeded' })],
    ['a redirect', (response: ServerResponse) => response.writeHead(302, { location: '/elsewhere' }).end()],
    ['a closed connection', (response: ServerResponse) => response.destroy()],
  ])('takes %s as no answer: it is asked again', async (_, answer) => {
    const { url } = await provider(answer);
    await expect(chargePort(url).perform(charge, context())).rejects.toBeInstanceOf(Retryable);
    await expect(refundPort(url).perform(refund, context())).rejects.toBeInstanceOf(Retryable);
  });

  it('gives up when it is told to', async () => {
    const abort = new AbortController();
    const { url } = await provider(() => abort.abort());
    await expect(chargePort(url).perform(charge, context(abort.signal))).rejects.toMatchObject({
      code: 'NO_ANSWER',
    });
  });

  it('says what happened when nobody listens', async () => {
    await expect(chargePort('http://127.0.0.1:9').perform(charge, context())).rejects.toThrow(
      /The payment provider gave no answer that can be read: .+/,
    );
  });
});
