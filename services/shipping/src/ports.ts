import { type CallContext, type Port, Retryable } from '@troupe/chassis';
import {
  Book,
  type BookOutcome,
  type BookRequest,
  CancelBooking,
  type CancelOutcome,
  type CancelRequest,
} from './shipment.ts';

/** As much as is kept of what the carrier says. */
const LONGEST_DETAIL = 200;

/** Books at the carrier: 201 is yes, 422 `refused` is no. Anything else is no answer and throws Retryable. */
export function bookPort(carrierUrl: string): Port<BookRequest, BookOutcome> {
  return {
    call: Book,
    async perform({ orderId, items }, context) {
      const answer = await post(`${carrierUrl}/v1/bookings`, { reference: orderId, items }, context);
      const { id, carrier, trackingNumber } = answer.body;
      if (answer.status === 201 && isText(id) && isText(carrier) && isText(trackingNumber)) {
        return { kind: 'booked', bookingId: id, carrier, trackingNumber };
      }
      if (answer.status === 422 && errorOf(answer).code === 'refused') {
        return { kind: 'refused', detail: messageOf(answer) };
      }
      throw noAnswer(answer);
    },
  };
}

/** Takes a booking back at the carrier: 200 is yes. Anything else is no answer and throws Retryable. */
export function cancelBookingPort(carrierUrl: string): Port<CancelRequest, CancelOutcome> {
  return {
    call: CancelBooking,
    async perform({ bookingId }, context) {
      const answer = await post(`${carrierUrl}/v1/bookings/${encodeURIComponent(bookingId)}/cancel`, {}, context);
      if (answer.status === 200 && answer.body.status === 'cancelled') return { kind: 'cancelled' };
      throw noAnswer(answer);
    },
  };
}

type Json = Readonly<Record<string, unknown>>;
interface CarrierAnswer {
  readonly status: number;
  readonly body: Json;
}

/** The carrier does the work of a key once, so a request that got no answer is sent again as it is. */
async function post(url: string, body: Json, { idempotencyKey, signal, headers }: CallContext): Promise<CarrierAnswer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey, ...headers },
      body: JSON.stringify(body),
      redirect: 'error',
      signal,
    });
    const parsed: unknown = await response.json();
    return { status: response.status, body: objectOf(parsed) };
  } catch (error) {
    throw new Retryable('CARRIER_NO_ANSWER', `The carrier gave no answer that can be read: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

function noAnswer(answer: CarrierAnswer): Retryable {
  const said = `${answer.status} ${String(errorOf(answer).code ?? '')}`.trim();
  return new Retryable('CARRIER_NO_ANSWER', `The carrier said neither yes nor no: ${said}, ${messageOf(answer)}`);
}

function messageOf(answer: CarrierAnswer): string {
  const { message } = errorOf(answer);
  const text = isText(message) ? message : 'The carrier gave no reason.';
  return text.replace(/[\p{Cc}\p{Cs}]/gu, ' ').slice(0, LONGEST_DETAIL);
}

function errorOf({ body }: CarrierAnswer): Json {
  return objectOf(body.error);
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0;
}

/** `fetch` says only "fetch failed"; what happened is its cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}
