import { type Booking, type BookingRequest, type Bookings, bookingRequest } from './bookings.ts';
import { idempotencyKey, items, objectBody, queryInteger, text } from './fields.ts';
import type { Reply, Request, Route } from './http.ts';
import { Refusal } from './refusal.ts';

/** The product that this carrier does not carry. */
const REFUSED_SKU = 'SKU-100';

/** A parcel carrier: bookings with idempotency keys, and their cancellation. Yes is 201; no is 422 `refused`. */
export class Carrier {
  readonly #bookings: Bookings;

  constructor(bookings: Bookings) {
    this.#bookings = bookings;
  }

  get routes(): readonly Route[] {
    return [
      { method: 'POST', path: '/v1/bookings', handle: (request) => this.#book(request) },
      { method: 'POST', path: '/v1/bookings/:id/cancel', handle: (request) => this.#cancel(request) },
      { method: 'GET', path: '/v1/bookings', handle: (request) => this.#list(request) },
    ];
  }

  async #book({ headers, body }: Request): Promise<Reply> {
    const key = idempotencyKey(headers['idempotency-key']);
    const fields = objectBody(body);
    const request: BookingRequest = { reference: text(fields, 'reference'), items: items(fields) };
    const carried = request.items.every((item) => item.sku !== REFUSED_SKU);
    const booking = await this.#bookings.byKey.do(key, bookingRequest(request), () =>
      this.#bookings.add(key, request, carried ? 'booked' : 'refused'),
    );
    if (booking.status === 'refused') {
      const message = `Sandbox Parcel does not carry ${REFUSED_SKU}.`;
      return { status: 422, body: { error: { code: 'refused', message } } };
    }
    return {
      status: 201,
      body: { id: booking.id, trackingNumber: booking.trackingNumber, carrier: 'Sandbox Parcel' },
    };
  }

  async #cancel({ params }: Request): Promise<Reply> {
    const id = params.id ?? '';
    const booking = this.#bookings.find(id);
    if (booking === undefined || booking.status === 'refused') {
      throw new Refusal(404, { code: 'booking_not_found', message: `There is no booking ${id}.` });
    }
    if (booking.status === 'booked') await this.#bookings.cancel(booking);
    return { status: 200, body: { status: 'cancelled' } };
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

/** A booking as clients see it: without the key. */
function shown({ key: _, ...booking }: Booking) {
  return booking;
}
