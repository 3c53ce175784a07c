import { StartError } from '@troupe/embedded';
import { HttpClient } from '../../src/measure/http-client.ts';
import { mailer } from './mailer.ts';
import type { PeerOrder } from './steps.ts';

export interface OutsideAddresses {
  readonly providerUrl: string;
  readonly carrierUrl: string;
  readonly smtpUrl: string;
}

export interface Charge {
  readonly orderId: string;
  readonly amount: number;
  readonly token: string;
}

const CURRENCY = 'USD';

/** The stand-ins that our services call as well. Each call has a key of its own, so that a repeated one does nothing. */
export class Outside {
  readonly #http = new HttpClient();
  readonly #addresses: OutsideAddresses;
  #mailer: ReturnType<typeof mailer> | undefined;

  constructor(addresses: OutsideAddresses) {
    this.#addresses = addresses;
  }

  /** The id of the charge; undefined when the card was declined. Rejects when neither is known; then it has to be repeated. */
  async charge({ orderId, amount, token }: Charge): Promise<string | undefined> {
    const body = { amount, currency: CURRENCY, token, reference: orderId };
    const answer = await this.#post(`${this.#addresses.providerUrl}/v1/charges`, body, `charge-${orderId}`);
    if (answer.status === 402) return undefined;
    return idOf('charge', answer);
  }

  async refund({ orderId, amount, chargeId }: Omit<Charge, 'token'> & { readonly chargeId: string }): Promise<void> {
    const body = { charge: chargeId, amount, reference: orderId };
    idOf('refund', await this.#post(`${this.#addresses.providerUrl}/v1/refunds`, body, `refund-${orderId}`));
  }

  /** The id of the booking. */
  async book({ orderId, sku, quantity }: PeerOrder): Promise<string> {
    const body = { reference: orderId, items: [{ sku, quantity }] };
    return idOf('booking', await this.#post(`${this.#addresses.carrierUrl}/v1/bookings`, body, `book-${orderId}`));
  }

  async mail(orderId: string, subject: string): Promise<void> {
    this.#mailer ??= mailer(this.#addresses.smtpUrl);
    await this.#mailer(orderId, subject);
  }

  #post(url: string, body: object, key: string) {
    return this.#http.post(url, body, { 'idempotency-key': key });
  }
}

function idOf(what: string, { status, body }: Awaited<ReturnType<HttpClient['post']>>): string {
  if (status === 201) return (body as { readonly id: string }).id;
  throw new StartError([`The ${what} was answered ${status}: ${JSON.stringify(body)}`]);
}
