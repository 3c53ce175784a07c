import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Item } from './server/fields.ts';
import { Journal } from './server/journal.ts';
import { OncePerKey } from './server/once.ts';

export interface BookingRequest {
  /** The order. */
  readonly reference: string;
  readonly items: readonly Item[];
}

/** One answer to a booking; `status` says which. */
export interface Booking extends BookingRequest {
  readonly id: string;
  /** The idempotency key. */
  readonly key: string;
  readonly trackingNumber: string;
  readonly createdAt: string;
  readonly status: 'booked' | 'refused' | 'cancelled';
  /** How often its cancellation was refused; absent: never. */
  readonly cancelRefusals?: number;
}

/** The carrier's book: a line for each booking, and one for each answer to a cancellation. */
export class Bookings {
  readonly byKey = new OncePerKey<Booking>(bookingRequest);
  /** In the order of their booking. */
  readonly #byId = new Map<string, Booking>();
  readonly #idsOf = new Map<string, readonly string[]>();
  #journal!: Journal<Booking>;

  /** Reads `bookings.jsonl` of the folder. */
  static async open(dataDir: string): Promise<Bookings> {
    const bookings = new Bookings();
    bookings.#journal = await Journal.open<Booking>(join(dataDir, 'bookings.jsonl'), (booking) => {
      bookings.#take(booking);
      bookings.byKey.remember(booking.key, booking);
    });
    return bookings;
  }

  /** Writes an answer down; resolves when it is on the disk. */
  async add(key: string, request: BookingRequest, status: 'booked' | 'refused'): Promise<Booking> {
    const id = `bk_${randomUUID().replaceAll('-', '')}`;
    const trackingNumber = `TRK-${id.slice(3, 15).toUpperCase()}`;
    return this.#write({ id, key, ...request, trackingNumber, createdAt: new Date().toISOString(), status });
  }

  /** Resolves when the cancellation is on the disk. */
  async cancel(booking: Booking): Promise<Booking> {
    return this.#write({ ...booking, status: 'cancelled' });
  }

  /** Resolves when the refusal is on the disk. */
  async refuseCancel(booking: Booking): Promise<Booking> {
    return this.#write({ ...booking, cancelRefusals: (booking.cancelRefusals ?? 0) + 1 });
  }

  find(id: string): Booking | undefined {
    return this.#byId.get(id);
  }

  /** Oldest first; each as it stands. */
  of(reference: string): readonly Booking[] {
    return (this.#idsOf.get(reference) ?? []).flatMap((id) => this.#byId.get(id) ?? []);
  }

  /** Every booking as it stands, in the order of booking. */
  all(): readonly Booking[] {
    return [...this.#byId.values()];
  }

  close(): Promise<void> {
    return this.#journal.close();
  }

  async #write(booking: Booking): Promise<Booking> {
    await this.#journal.append(booking);
    this.#take(booking);
    return booking;
  }

  #take(booking: Booking): void {
    if (!this.#byId.has(booking.id)) {
      this.#idsOf.set(booking.reference, [...(this.#idsOf.get(booking.reference) ?? []), booking.id]);
    }
    this.#byId.set(booking.id, booking);
  }
}

/** The canonical form in which two requests of one key are compared. */
export function bookingRequest({ reference, items }: BookingRequest): string {
  return JSON.stringify([reference, items.map((item) => [item.sku, item.quantity])]);
}
