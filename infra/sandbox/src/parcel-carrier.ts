import { setTimeout as delay } from 'node:timers/promises';
import { type Booking, type BookingRequest, type Bookings, bookingRequest } from './bookings.ts';
import { idempotencyKey, items, objectBody, queryInteger, text, wholeNumber } from './server/fields.ts';
import type { Reply, Request, Route } from './server/http.ts';
import { Refusal } from './server/refusal.ts';

/** The product that this carrier does not carry. */
const REFUSED_SKU = 'SKU-100';
/** A booking of this product is answered after one second for each piece. */
const SLOW_SKU = 'SKU-096';
/** A parcel with this product leaves at once: its cancellation is refused once for each piece. */
const HANDED_OVER_SKU = 'SKU-097';

/**
 * A parcel carrier: bookings with idempotency keys, and their cancellation. Yes is 201 and 200; no is 422 `refused` for a
 * booking and 422 `cancel_refused` for a cancellation.
 */
export class Carrier {
  readonly #bookings: Bookings;
  readonly #stopping: AbortSignal;
  /** Before each answer, until the process ends. */
  #slownessMs = 0;

  constructor(bookings: Bookings, stopping: AbortSignal) {
    this.#bookings = bookings;
    this.#stopping = stopping;
  }

  get routes(): readonly Route[] {
    return [
      { method: 'POST', path: '/v1/bookings', handle: (request) => this.#book(request) },
      { method: 'POST', path: '/v1/bookings/:id/cancel', handle: (request) => this.#cancel(request) },
      { method: 'GET', path: '/v1/bookings', handle: (request) => this.#list(request) },
      { method: 'POST', path: '/v1/slowness', handle: (request) => this.#becomeSlow(request) },
    ];
  }

  async #book({ headers, body }: Request): Promise<Reply> {
    const key = idempotencyKey(headers['idempotency-key']);
    const fields = objectBody(body);
    const request: BookingRequest = { reference: text(fields, 'reference'), items: items(fields) };
    const carried = request.items.every((item) => item.sku !== REFUSED_SKU);
    const booking = await this.#bookings.byKey.do(key, bookingRequest(request), async () => {
      await this.#wait(piecesOf(SLOW_SKU, request) * 1000 + this.#slownessMs);
      return this.#bookings.add(key, request, carried ? 'booked' : 'refused');
    });
    if (booking.status === 'refused') {
      const message = `Sandbox Parcel does not carry ${REFUSED_SKU}.`;
      return { status: 422, body: { error: { code: 'refused', message } } };
    }
    return {
      status: 201,
      body: { id: booking.id, trackingNumber: booking.trackingNumber, carrier: 'Sandbox Parcel' },
    };
  }

  async #wait(ms: number): Promise<void> {
    if (ms === 0) return;
    try {
      await delay(ms, undefined, { signal: this.#stopping });
    } catch {
      throw new Refusal(503, {
        code: 'unavailable',
        message: 'The carrier is stopping; nothing was done: try again.',
      });
    }
  }

  async #cancel({ params }: Request): Promise<Reply> {
    const id = params.id ?? '';
    const booking = this.#bookings.find(id);
    await this.#wait(this.#slownessMs);
    if (booking === undefined || booking.status === 'refused') {
      throw new Refusal(404, { code: 'booking_not_found', message: `There is no booking ${id}.` });
    }
    if (booking.status === 'booked' && (booking.cancelRefusals ?? 0) < piecesOf(HANDED_OVER_SKU, booking)) {
      await this.#bookings.refuseCancel(booking);
      throw new Refusal(422, { code: 'cancel_refused', message: 'The parcel was handed over already: try again.' });
    }
    if (booking.status === 'booked') await this.#bookings.cancel(booking);
    return { status: 200, body: { status: 'cancelled' } };
  }

  /** `{ms}`: a carrier that has much to do. For people who want to see where the time goes. */
  #becomeSlow({ body }: Request): Reply {
    this.#slownessMs = wholeNumber(objectBody(body), 'ms', { least: 0, most: 60_000 });
    return { status: 200, body: { ms: this.#slownessMs } };
  }

  #list({ query }: Request): Reply {
    const reference = query.get('reference');
    if (reference !== null) {
      return { status: 200, body: { items: this.#bookings.of(reference).map(shown), nextCursor: null } };
    }
    const all = this.#bookings.all();
    const after = queryInteger(query, 'cursor', { least: 0, most: all.length, default: 0 });
    const limit = queryInteger(query, 'limit', { least: 1, most: 10_000, default: 1000 });
    const page = all.slice(after, after + limit).map(shown);
    return {
      status: 200,
      body: { items: page, nextCursor: after + limit < all.length ? String(after + limit) : null },
    };
  }
}

function piecesOf(sku: string, { items: lines }: BookingRequest): number {
  return lines.filter((line) => line.sku === sku).reduce((pieces, { quantity }) => pieces + quantity, 0);
}

/** A booking as clients see it: without the key. */
function shown({ key: _, ...booking }: Booking) {
  return booking;
}
