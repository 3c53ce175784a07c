import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type CallContext, Retryable } from '@troupe/chassis';
import { json, outcomeOf, type StandIn, standIn } from '@troupe/chassis/testing';
import { bookPort, cancelBookingPort } from '../src/ports.ts';
import { items, orderId } from './story.ts';

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const undo of cleanUps.splice(0)) undo();
});

/** A carrier that answers every request in the same way, and keeps what it was asked. */
async function carrier(answer: (response: ServerResponse) => void): Promise<StandIn> {
  const stand = await standIn(answer);
  cleanUps.push(stand.close);
  return stand;
}

const context = (signal = new AbortController().signal): CallContext => ({
  idempotencyKey: `Book/${orderId}`,
  causationId: 'event-1',
  depth: 1,
  attempt: 1,
  signal,
  headers: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
});

const booking = { id: 'bk_1', trackingNumber: 'TRK-1', carrier: 'Sandbox Parcel' };

describe('the port to the carrier', () => {
  it('sends the key and the trace, and takes yes', async () => {
    const { url, seen } = await carrier(json(201, booking));
    expect(await bookPort(url).perform({ orderId, items }, context())).toEqual({
      kind: 'booked',
      bookingId: 'bk_1',
      trackingNumber: 'TRK-1',
      carrier: 'Sandbox Parcel',
    });
    expect(seen).toMatchObject([
      {
        url: '/v1/bookings',
        headers: { 'idempotency-key': `Book/${orderId}`, traceparent: context().headers.traceparent },
        body: { reference: orderId, items },
      },
    ]);
  });

  it('takes no as an answer, with the reason in one storable line', async () => {
    const message = `Not\u0000 this\r\none. ${'x'.repeat(500)}`;
    const { url } = await carrier(json(422, { error: { code: 'refused', message } }));
    const outcome = await outcomeOf(bookPort(url), { orderId, items }, context());
    expect(outcome).toEqual({ kind: 'refused', detail: expect.stringMatching(/^Not {2}this {2}one\. x+$/) });
    expect((outcome as { detail: string }).detail).toHaveLength(200);
  });

  it('takes a booking back', async () => {
    const { url, seen } = await carrier(json(200, { status: 'cancelled' }));
    expect(await cancelBookingPort(url).perform({ orderId, bookingId: 'bk/1' }, context())).toEqual({
      kind: 'cancelled',
    });
    expect(seen).toMatchObject([{ url: '/v1/bookings/bk%2F1/cancel' }]);
  });

  it.each([
    ['it was handed over', 422, 'cancel_refused'],
    ['the carrier does not know it', 404, 'booking_not_found'],
  ])('takes no for an answer to a cancellation when %s: a person is told in the end', async (_, status, code) => {
    const { url } = await carrier(json(status, { error: { code, message: 'Too late.' } }));
    const outcome = await outcomeOf(cancelBookingPort(url), { orderId, bookingId: 'bk_1' }, context());
    expect(outcome).toEqual({ kind: 'refused', detail: 'Too late.' });
  });

  it.each([
    ['a reused key', json(422, { error: { code: 'idempotency_key_reused', message: 'Not so.' } })],
    ['bad input', json(400, { error: { code: 'invalid_request', message: 'Not so.' } })],
    ['a refusal that is no JSON', (response: ServerResponse) => response.writeHead(403).end('<html>')],
  ])('takes %s as a refusal for good', async (_, answer) => {
    const { url } = await carrier(answer);
    const refused = { kind: 'refused', detail: expect.stringMatching(/Not so\.|gave no reason/) };
    expect(await outcomeOf(bookPort(url), { orderId, items }, context())).toEqual(refused);
    expect(await outcomeOf(cancelBookingPort(url), { orderId, bookingId: 'b' }, context())).toEqual(refused);
  });

  it("is ended by a person in that person's words; a cancellation then waits for that person", () => {
    const [book, cancel] = [bookPort('http://carrier'), cancelBookingPort('http://carrier')];
    expect(book.byHand.outcome('Never came.', { attempts: 3 })).toEqual({ kind: 'refused', detail: 'Never came.' });
    expect(cancel.byHand.outcome('Never came.', { attempts: 3 })).toEqual({
      kind: 'refused',
      detail: 'Never came.',
      byHand: true,
    });
    for (const { byHand } of [book, cancel]) expect(byHand.lookFirst).toContain("carrier's bookings first");
  });

  it.each([
    ['503', json(503, { error: { code: 'unavailable', message: 'Busy.' } })],
    ['500 that is no JSON', (response: ServerResponse) => response.writeHead(500).end('<html>')],
    ['408', json(408, { error: { code: 'timeout', message: 'Too slow.' } })],
    ['425', json(425, { error: { code: 'too_early', message: 'Too early.' } })],
    ['429', json(429, { error: { code: 'rate_limited', message: 'Too many.' } })],
    ['201 without a booking', json(201, { ok: true })],
    ['JSON that is no object', json(201, null)],
    ['a redirect', (response: ServerResponse) => response.writeHead(302, { location: '/elsewhere' }).end()],
    ['a closed connection', (response: ServerResponse) => response.destroy()],
  ])('takes %s as no answer: it is asked again', async (_, answer) => {
    const { url } = await carrier(answer);
    await expect(bookPort(url).perform({ orderId, items }, context())).rejects.toBeInstanceOf(Retryable);
    await expect(cancelBookingPort(url).perform({ orderId, bookingId: 'b' }, context())).rejects.toBeInstanceOf(
      Retryable,
    );
  });

  it('gives up when it is told to', async () => {
    const abort = new AbortController();
    const { url } = await carrier(() => abort.abort());
    await expect(bookPort(url).perform({ orderId, items }, context(abort.signal))).rejects.toMatchObject({
      code: 'NO_ANSWER',
    });
  });

  it('says what happened when nobody listens', async () => {
    await expect(bookPort('http://127.0.0.1:9').perform({ orderId, items }, context())).rejects.toThrow(
      /The carrier gave no answer that can be read: .+/,
    );
  });
});
