import type { CommandDecision, Effect } from '@troupe/chassis';
import { told } from '../../chassis/src/testing/told.ts';
import type { InventoryState, Reservation } from '../src/inventory.ts';
import { inventoryReactions } from '../src/reactions.ts';
import { inventory, type InventoryRow as Row } from '../src/repository.ts';
import type { Stock } from '../src/stock.ts';

/** One message: an event's short name with its data, or the command Restock. */
export interface Message {
  readonly type: string;
  readonly data: { readonly orderId?: string; readonly sku?: string; readonly [field: string]: unknown };
}

/** The real table over rows in memory. A rule sees only the rows that `keysOf` named, as with a database. */
export class Warehouse {
  readonly #rows = new Map<string, Row>();
  #ids = 0;

  constructor(units: Readonly<Record<string, number>>) {
    for (const [sku, initial] of Object.entries(units)) {
      const row: Stock = { kind: 'stock', sku, initial, restocked: 0, available: initial, reserved: 0, shipped: 0 };
      this.#rows.set(`stock/${sku}`, row);
    }
  }

  hear({ type, data }: Message): CommandDecision<InventoryState> {
    const message = { type, data, key: data.orderId ?? data.sku ?? '' };
    const loaded = inventory.keysOf(message).flatMap((key): [string, Row][] => {
      const row = this.#rows.get(key);
      return row === undefined ? [] : [[key, row]];
    });
    const context = { now: new Date(0), id: `id-${++this.#ids}` };
    const state = inventory.view(new Map(loaded), message);
    const decision = told(inventoryReactions, message, { state, context });
    if (decision.kind === 'decided') {
      for (const [key, row] of inventory.rowsOf(decision.state)) this.#rows.set(key, row);
    }
    return decision;
  }

  stock(sku: string): Stock {
    return this.#rows.get(`stock/${sku}`) as Stock;
  }

  get stocks(): readonly Stock[] {
    return [...this.#rows.values()].filter((row) => row.kind === 'stock');
  }

  get reservations(): readonly Reservation[] {
    return [...this.#rows.values()].filter((row) => row.kind === 'reservation');
  }

  /** Units of a product in reservations of a status. */
  units(sku: string, status: 'RESERVED' | 'SHIPPED'): number {
    return this.reservations
      .flatMap((reservation) => (reservation.status === status ? reservation.items : []))
      .reduce((sum, item) => (item.sku === sku ? sum + item.quantity : sum), 0);
  }
}

/** The short names of the events that a decision says; what it ignored or rejected, as a sentence. */
export function said(decision: CommandDecision<unknown>): readonly string[] {
  switch (decision.kind) {
    case 'decided':
      return decision.effects.map((effect: Effect) => effect.type);
    case 'ignored':
      return [`ignored: ${decision.reason}`];
    case 'rejected':
      return [`rejected: ${decision.error.code}`];
    default:
      return decision satisfies never;
  }
}
