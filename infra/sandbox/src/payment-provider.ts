import { setTimeout as delay } from 'node:timers/promises';
import {
  type Charge,
  type ChargeRequest,
  chargeRequest,
  type Ledger,
  type LedgerEntry,
  type RefundRequest,
  refundRequest,
} from './ledger.ts';
import { currency, idempotencyKey, objectBody, positiveInteger, queryInteger, text } from './server/fields.ts';
import type { Reply, Request, Route } from './server/http.ts';
import { Refusal } from './server/refusal.ts';
import { behaviourOf } from './tokens.ts';

/**
 * A payment provider in the manner of payment sandboxes: charges and refunds with idempotency keys, and a ledger to
 * compare one's own books with. Yes is 201; no is 402 for a charge and 422 `refund_refused` for a refund.
 */
export class PaymentProvider {
  readonly #ledger: Ledger;
  readonly #stopping: AbortSignal;
  /** How often each key was answered 503; forgotten when the process ends. */
  readonly #unavailable = new Map<string, number>();

  constructor(ledger: Ledger, stopping: AbortSignal) {
    this.#ledger = ledger;
    this.#stopping = stopping;
  }

  get routes(): readonly Route[] {
    return [
      { method: 'POST', path: '/v1/charges', handle: (request) => this.#charge(request) },
      { method: 'POST', path: '/v1/refunds', handle: (request) => this.#refund(request) },
      { method: 'GET', path: '/v1/ledger', handle: (request) => this.#list(request) },
    ];
  }

  async #charge({ headers, body }: Request): Promise<Reply> {
    const key = idempotencyKey(headers['idempotency-key']);
    const fields = objectBody(body);
    const request: ChargeRequest = {
      amount: positiveInteger(fields, 'amount'),
      currency: currency(fields),
      token: text(fields, 'token'),
      reference: text(fields, 'reference'),
    };
    const charge = await this.#ledger.charges.do(key, chargeRequest(request), () => this.#take(key, request));
    return charge.no === undefined
      ? { status: 201, body: { id: charge.id, status: 'succeeded' } }
      : { status: 402, body: { error: charge.no } };
  }

  async #take(key: string, request: ChargeRequest): Promise<Charge> {
    const behaviour = behaviourOf(request.token);
    if (behaviour.chargeRefusedWith !== undefined) throw refusedAsAsked('charge', behaviour.chargeRefusedWith);
    const refusals = this.#unavailable.get(key) ?? 0;
    if (refusals < behaviour.unavailable) {
      this.#unavailable.set(key, refusals + 1);
      throw unavailable('The provider is busy, as the token asks it to be: try again.');
    }
    if (behaviour.delayMs > 0) await this.#wait(behaviour.delayMs);
    const charge = await this.#ledger.charge(key, request, behaviour.declined);
    this.#unavailable.delete(key);
    return charge;
  }

  async #wait(delayMs: number): Promise<void> {
    try {
      await delay(delayMs, undefined, { signal: this.#stopping });
    } catch {
      throw unavailable('The provider is stopping; nothing was charged: try again.');
    }
  }

  async #refund({ headers, body }: Request): Promise<Reply> {
    const key = idempotencyKey(headers['idempotency-key']);
    const fields = objectBody(body);
    const request: RefundRequest = {
      charge: text(fields, 'charge'),
      amount: positiveInteger(fields, 'amount'),
      reference: text(fields, 'reference'),
    };
    const givenBack = await this.#ledger.refunds.do(
      key,
      refundRequest(request),
      () => this.#giveBack(key, request),
      (refund) => refund.no === undefined,
    );
    return givenBack.no === undefined
      ? { status: 201, body: { id: givenBack.id, status: 'succeeded' } }
      : { status: 422, body: { error: givenBack.no } };
  }

  async #giveBack(key: string, request: RefundRequest) {
    const charge = this.#ledger.findCharge(request.charge);
    if (charge === undefined) {
      throw new Refusal(404, {
        code: 'charge_not_found',
        message: `There is no successful charge ${request.charge}.`,
        field: '/charge',
      });
    }
    const left = charge.amount - this.#ledger.refundedOf(charge.id);
    if (request.amount > left) {
      throw new Refusal(422, {
        code: 'amount_too_large',
        message: `Of the charge ${charge.id} only ${left} ${charge.currency} (minor units) can still be given back.`,
        field: '/amount',
      });
    }
    const { refundRefusedWith } = behaviourOf(charge.token);
    if (refundRefusedWith !== undefined) throw refusedAsAsked('refund', refundRefusedWith);
    const refused = this.#ledger.of(request.reference).filter((entry) => isRefusalOf(charge, entry)).length;
    if (refused >= behaviourOf(charge.token).refundRefusals) return this.#ledger.refund(key, request);
    const message = 'The refund was refused, as the token asks for: try again.';
    return this.#ledger.refuseRefund(key, request, { code: 'refund_refused', message });
  }

  #list({ query }: Request): Reply {
    const reference = query.get('reference');
    if (reference !== null) {
      return { status: 200, body: { items: this.#ledger.of(reference).map(shown), nextCursor: null } };
    }
    const most = this.#ledger.entries.length;
    const after = queryInteger(query, 'cursor', { least: 0, most, default: 0 });
    const limit = queryInteger(query, 'limit', { least: 1, most: 10_000, default: 1000 });
    const items = this.#ledger.entries.slice(after, after + limit).map(shown);
    return { status: 200, body: { items, nextCursor: after + limit < most ? String(after + limit) : null } };
  }
}

function isRefusalOf(charge: Charge, entry: LedgerEntry): boolean {
  return entry.kind === 'refund' && entry.charge === charge.id && entry.no !== undefined;
}

/** An entry as clients see it: without the key, with a status. */
function shown({ key: _, no, ...entry }: LedgerEntry) {
  const status = no === undefined ? 'succeeded' : entry.kind === 'charge' ? 'declined' : 'refused';
  return { ...entry, status, ...(no === undefined ? {} : { error: no }) };
}

function refusedAsAsked(what: 'charge' | 'refund', status: number): Refusal {
  return new Refusal(status, { code: 'not_accepted', message: `The ${what} is not accepted, as the token asks for.` });
}

function unavailable(message: string): Refusal {
  return new Refusal(503, { code: 'unavailable', message });
}
