import { type ServiceName, serviceNames } from '@troupe/services';

/** What an outage takes away: an external system, a whole service, or only the HTTP answers of a service. */
type Unavailable =
  | { readonly calls: readonly string[] }
  | { readonly service: string }
  | { readonly answersOf: string };

const SHOP_OUTAGES = {
  'the payment provider': { calls: ['Charge', 'Refund'] },
  'the carrier': { calls: ['Book', 'CancelBooking'] },
  'the mail server': { calls: ['Send'] },
  payment: { service: 'payment' },
  inventory: { service: 'inventory' },
  shipping: { service: 'shipping' },
  notification: { service: 'notification' },
  'answers of payment': { answersOf: 'payment' },
  'answers of inventory': { answersOf: 'inventory' },
  'answers of shipping': { answersOf: 'shipping' },
} as const satisfies Readonly<Record<string, Unavailable>>;

/** Services in which no order takes part: each can have an outage as a whole. */
const BESIDE = serviceNames.filter((name) => name !== 'order' && !Object.hasOwn(SHOP_OUTAGES, name));

export type Participant = keyof typeof SHOP_OUTAGES | ServiceName;
const OUTAGES: Readonly<Partial<Record<Participant, Unavailable>>> = {
  ...SHOP_OUTAGES,
  ...Object.fromEntries(BESIDE.map((service) => [service, { service }])),
};
/** The participants that can have an outage. The service `order` is none: it has to end the orders that the others leave. */
export const PARTICIPANTS = Object.keys(OUTAGES) as Participant[];

/** No order waits for a mail or for a service beside, so these outages may change no order. */
const NOT_AWAITED: readonly Participant[] = ['the mail server', 'notification', ...BESIDE];

/** The outage of a run: of no participant, or of one, from one moment of the scenario until faults have ended. */
export class Outage {
  #who: Participant | undefined;
  #lastAffected: Participant | undefined;

  get who(): Participant | undefined {
    return this.#who;
  }

  /** The participant that has, or had, the outage. */
  get lastAffected(): Participant | undefined {
    return this.#lastAffected;
  }

  /** Whether orders may have to wait for the participant that has, or had, the outage. */
  get delaysOrders(): boolean {
    return this.#lastAffected !== undefined && !NOT_AWAITED.includes(this.#lastAffected);
  }

  begin(who: Participant): void {
    this.#who = who;
    this.#lastAffected = who;
  }

  end(): void {
    this.#who = undefined;
  }

  /** Whether a call to an external system does not arrive, and has no answer. */
  blocksCall(name: string): boolean {
    const unavailable = this.#unavailable;
    return unavailable !== undefined && 'calls' in unavailable && unavailable.calls.includes(name);
  }

  /** Whether the service has no process, and starts none. */
  stopsService(service: string): boolean {
    const unavailable = this.#unavailable;
    return unavailable !== undefined && 'service' in unavailable && unavailable.service === service;
  }

  /** Whether the service works, and its HTTP answers never arrive. */
  withholdsAnswersOf(service: string): boolean {
    const unavailable = this.#unavailable;
    return unavailable !== undefined && 'answersOf' in unavailable && unavailable.answersOf === service;
  }

  get #unavailable(): Unavailable | undefined {
    return this.#who === undefined ? undefined : OUTAGES[this.#who];
  }
}
