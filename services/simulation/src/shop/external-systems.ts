/** How the external systems answer for an order. */
export interface PartnerBehaviour {
  readonly card: 'good' | 'declined';
  /** How often the payment provider refuses the refund before it accepts it. */
  readonly refundRefusals: number;
  /** How often the carrier refuses the cancellation before it accepts it. */
  readonly cancelRefusals: number;
  /** Refusals with a status that no contract names: of all charges, of all bookings, or of the compensations that are refused. */
  readonly unexpectedRefusal?: { readonly call: 'Charge' | 'Book' | 'undoing'; readonly status: number };
}

/** The carrier refuses orders with this product. */
export const REFUSED_BY_CARRIER = 'SKU-100';

interface Request {
  readonly orderId: string;
  readonly amount?: number;
  readonly chargeId?: string;
  readonly bookingId?: string;
  readonly template?: string;
  readonly notificationId?: string;
  readonly items?: readonly { readonly sku: string }[];
}

interface Entry {
  readonly orderId: string;
  readonly amount: number;
}

/**
 * The payment provider, the carrier and the mail server. As in their contracts, the work of an idempotency key is done once,
 * whether or not the answer arrives, and a refused call may be repeated.
 */
export class ExternalSystems {
  readonly charges: Entry[] = [];
  readonly refunds: Entry[] = [];
  /** By order. A booking is live until it is cancelled. */
  readonly bookings = new Map<string, { live: boolean }[]>();
  /** By order. Mail is sent at least once; the same id twice counts once. */
  readonly emails = new Map<string, Set<string>>();
  readonly #done = new Map<string, unknown>();
  readonly #refusals = new Map<string, number>();
  readonly #behaviourOf: (orderId: string) => PartnerBehaviour;

  constructor(behaviourOf: (orderId: string) => PartnerBehaviour) {
    this.#behaviourOf = behaviourOf;
  }

  /** The effects of the calls of an order. */
  effectsFor(orderId: string) {
    const bookings = this.bookings.get(orderId) ?? [];
    const emails = [...(this.emails.get(orderId) ?? [])];
    const of = (entries: readonly Entry[]) => entries.filter((entry) => entry.orderId === orderId).length;
    const about = (template: string) => emails.filter((email) => email.startsWith(template)).length;
    return {
      charges: of(this.charges),
      refunds: of(this.refunds),
      bookings: bookings.length,
      liveBookings: bookings.filter(({ live }) => live).length,
      confirmations: about('ORDER_CONFIRMED'),
      cancellations: about('ORDER_CANCELLED'),
    };
  }

  /** The amounts that were charged and refunded for an order. */
  amountsOf(orderId: string): readonly number[] {
    return [...this.charges, ...this.refunds].flatMap((entry) => (entry.orderId === orderId ? [entry.amount] : []));
  }

  /** Whether the work of a call is done: to repeat the call changes nothing. */
  isDone(call: string, key: string): boolean {
    return this.#done.has(`${call}/${key}`);
  }

  /** How often a call was refused. */
  refusalsOf(call: string, orderId: string): number {
    return this.#refusals.get(`${call}/${orderId}`) ?? 0;
  }

  /** The unexpected status with which a call of an order is refused for good; undefined when it is not. */
  unexpectedStatus(call: string, orderId: string, outcome?: unknown): number | undefined {
    const { unexpectedRefusal } = this.#behaviourOf(orderId);
    const isRefused = (outcome as { readonly kind?: string } | undefined)?.kind === 'refused';
    return unexpectedRefusal?.call === call || isRefused ? unexpectedRefusal?.status : undefined;
  }

  perform(call: string, key: string, request: Request): unknown {
    const done = this.#done.get(`${call}/${key}`);
    if (done !== undefined) return done;
    const { answer, final } = this.#carryOut(call, request);
    if (final) this.#done.set(`${call}/${key}`, answer);
    return answer;
  }

  #carryOut(call: string, request: Request): { answer: unknown; final: boolean } {
    switch (call) {
      case 'Charge':
        return this.#charge(request);
      case 'Refund':
        return this.#refund(request);
      case 'Book':
        return this.#book(request);
      case 'CancelBooking':
        return this.#cancelBooking(request);
      case 'Send': {
        const emails = this.emails.get(request.orderId) ?? new Set();
        this.emails.set(request.orderId, emails.add(`${request.template} ${request.notificationId}`));
        // Mail servers know no idempotency keys.
        return { answer: { kind: 'accepted', reply: '250 OK' }, final: false };
      }
      default:
        throw new Error(`No external system answers the call ${call}: add it here.`);
    }
  }

  #charge({ orderId, amount = 0 }: Request) {
    if (this.#behaviourOf(orderId).card === 'declined') {
      return { answer: { kind: 'declined', detail: 'The card was declined.' }, final: false };
    }
    this.charges.push({ orderId, amount });
    return { answer: { kind: 'charged', chargeId: `charge of ${orderId}` }, final: true };
  }

  #refund({ orderId, amount = 0 }: Request) {
    if (this.#refusesAgain('Refund', orderId, this.#behaviourOf(orderId).refundRefusals)) {
      return { answer: { kind: 'refused', detail: 'The account is closed.' }, final: false };
    }
    this.refunds.push({ orderId, amount });
    return { answer: { kind: 'refunded', refundId: `refund of ${orderId}` }, final: true };
  }

  #cancelBooking({ orderId }: Request) {
    if (this.#refusesAgain('CancelBooking', orderId, this.#behaviourOf(orderId).cancelRefusals)) {
      return { answer: { kind: 'refused', detail: 'It was handed over.' }, final: false };
    }
    for (const booking of this.bookings.get(orderId) ?? []) booking.live = false;
    return { answer: { kind: 'cancelled' }, final: true };
  }

  #refusesAgain(call: string, orderId: string, times: number): boolean {
    const refusals = this.#refusals.get(`${call}/${orderId}`) ?? 0;
    if (refusals < times) this.#refusals.set(`${call}/${orderId}`, refusals + 1);
    return refusals < times;
  }

  #book({ orderId, items = [] }: Request) {
    if (items.some(({ sku }) => sku === REFUSED_BY_CARRIER)) {
      return { answer: { kind: 'refused', detail: 'Too heavy.' }, final: false };
    }
    this.bookings.set(orderId, [...(this.bookings.get(orderId) ?? []), { live: true }]);
    const booked = { kind: 'booked', bookingId: `booking of ${orderId}`, carrier: 'Sandbox', trackingNumber: 'T-1' };
    return { answer: booked, final: true };
  }
}
