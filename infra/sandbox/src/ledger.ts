import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Journal } from './server/journal.ts';
import { OncePerKey } from './server/once.ts';

export interface ChargeRequest {
  /** Minor units of `currency`. */
  readonly amount: number;
  readonly currency: string;
  readonly token: string;
  /** The order. */
  readonly reference: string;
}

export interface RefundRequest {
  /** The id of the charge that is given back. */
  readonly charge: string;
  readonly amount: number;
  readonly reference: string;
}

/** Why the provider said no. */
export interface No {
  readonly code: string;
  readonly message: string;
}

interface Entry {
  readonly id: string;
  /** The idempotency key. */
  readonly key: string;
  readonly createdAt: string;
  /** Present when the answer was no. */
  readonly no?: No;
}
export interface Charge extends Entry, ChargeRequest {
  readonly kind: 'charge';
}
export interface Refund extends Entry, RefundRequest {
  readonly kind: 'refund';
}
export type LedgerEntry = Charge | Refund;

/**
 * The provider's books. Every answer, yes or no, is an entry that is on the disk before it is sent. One charge and at
 * most one successful refund for each key; a refused refund does not use up its key.
 */
export class Ledger {
  readonly entries: LedgerEntry[] = [];
  readonly charges = new OncePerKey<Charge>(chargeRequest);
  readonly refunds = new OncePerKey<Refund>(refundRequest);
  readonly #byReference = new Map<string, readonly LedgerEntry[]>();
  readonly #chargesById = new Map<string, Charge>();
  readonly #refunded = new Map<string, number>();
  #journal!: Journal<LedgerEntry>;

  /** Reads `ledger.jsonl` of the folder. */
  static async open(dataDir: string): Promise<Ledger> {
    const ledger = new Ledger();
    ledger.#journal = await Journal.open<LedgerEntry>(join(dataDir, 'ledger.jsonl'), (entry) => {
      ledger.#take(entry);
      if (entry.kind === 'charge') ledger.charges.remember(entry.key, entry);
      else if (entry.no === undefined) ledger.#takeRefund(entry);
    });
    return ledger;
  }

  /** Books an answer to a charge; resolves when it is on the disk. */
  async charge(key: string, request: ChargeRequest, no: No | undefined): Promise<Charge> {
    return this.#book<Charge>({ kind: 'charge', ...head('ch', key), ...request, ...(no === undefined ? {} : { no }) });
  }

  /** Books a refund; resolves when it is on the disk. A charge is never refunded beyond its amount. */
  async refund(key: string, request: RefundRequest): Promise<Refund> {
    const before = this.refundedOf(request.charge);
    this.#refunded.set(request.charge, before + request.amount);
    try {
      return await this.#book<Refund>({ kind: 'refund', ...head('re', key), ...request });
    } catch (error) {
      this.#refunded.set(request.charge, this.refundedOf(request.charge) - request.amount);
      throw error;
    }
  }

  /** Books that a refund was refused; resolves when it is on the disk. */
  async refuseRefund(key: string, request: RefundRequest, no: No): Promise<Refund> {
    return this.#book<Refund>({ kind: 'refund', ...head('re', key), ...request, no });
  }

  /** How much of this charge was given back, or is being given back now. */
  refundedOf(chargeId: string): number {
    return this.#refunded.get(chargeId) ?? 0;
  }

  findCharge(id: string): Charge | undefined {
    return this.#chargesById.get(id);
  }

  /** Oldest first. */
  of(reference: string): readonly LedgerEntry[] {
    return this.#byReference.get(reference) ?? [];
  }

  close(): Promise<void> {
    return this.#journal.close();
  }

  async #book<E extends LedgerEntry>(entry: E): Promise<E> {
    await this.#journal.append(entry);
    this.#take(entry);
    return entry;
  }

  #takeRefund(refund: Refund): void {
    this.refunds.remember(refund.key, refund);
    this.#refunded.set(refund.charge, this.refundedOf(refund.charge) + refund.amount);
  }

  #take(entry: LedgerEntry): void {
    this.entries.push(entry);
    this.#byReference.set(entry.reference, [...this.of(entry.reference), entry]);
    if (entry.kind === 'charge' && entry.no === undefined) this.#chargesById.set(entry.id, entry);
  }
}

/** The canonical form in which two requests of one key are compared. */
export function chargeRequest({ amount, currency, token, reference }: ChargeRequest): string {
  return JSON.stringify([amount, currency, token, reference]);
}

/** As chargeRequest. */
export function refundRequest({ charge, amount, reference }: RefundRequest): string {
  return JSON.stringify([charge, amount, reference]);
}

function head(prefix: string, key: string) {
  return { id: `${prefix}_${randomUUID().replaceAll('-', '')}`, key, createdAt: new Date().toISOString() };
}
