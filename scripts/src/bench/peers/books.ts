import type { OutsideAddresses } from '../../../peers/business/outside.ts';
import type { DatabaseUrl } from '../../../peers/business/tables.ts';
import type { HttpClient } from '../../measure/http-client.ts';
import { sum } from '../../measure/statistics.ts';
import { query } from '../../stack/database.ts';

/** What stands in a peer's tables, and in the books of the outside. */
export interface PeerBooks {
  /** The end of each order by its id: its status, with the reason when there is one. */
  readonly ends: ReadonlyMap<string, string>;
  /** The sum over all orders that are CONFIRMED. */
  readonly sold: number;
  /** How many payments there are of each status. */
  readonly payments: ReadonlyMap<string, number>;
  readonly stock: readonly StockRow[];
  /** What the provider answered with yes. */
  readonly ledger: readonly LedgerEntry[];
  /** The orders that the carrier has booked, and those whose customer was told; undefined with four steps. */
  readonly booked: readonly string[] | undefined;
  readonly notified: readonly string[] | undefined;
}

export interface StockRow {
  readonly sku: string;
  readonly initial: number;
  readonly available: number;
  readonly reserved: number;
}

export interface LedgerEntry {
  readonly kind: 'charge' | 'refund';
  readonly reference: string;
  readonly amount: number;
}

export interface BooksPlace {
  readonly databaseUrl: DatabaseUrl;
  readonly outside: Pick<OutsideAddresses, 'providerUrl' | 'carrierUrl'>;
  readonly client: HttpClient;
  /** Whether the peer books and mails as well. */
  readonly further: boolean;
}

export async function readBooks({ databaseUrl, outside, client, further }: BooksPlace): Promise<PeerBooks> {
  const orders = await query<{ id: string; end: string; amount: number }>(databaseUrl('order'), ENDS);
  const payments = await query<{ status: string; count: number }>(databaseUrl('payment'), PAYMENTS);
  const ledger = await client.pages<LedgerEntry & { readonly status: string }>(
    `${outside.providerUrl}/v1/ledger?limit=10000`,
  );
  return {
    ends: new Map(orders.map(({ id, end }) => [id, end])),
    sold: sum(orders.filter(({ end }) => end === 'CONFIRMED').map(({ amount }) => amount)),
    payments: new Map(payments.map(({ status, count }) => [status, count])),
    stock: await query<StockRow & Record<string, unknown>>(databaseUrl('inventory'), STOCK),
    ledger: ledger.filter(({ status }) => status === 'succeeded'),
    booked: further ? await bookedAt(outside.carrierUrl, client) : undefined,
    notified: further
      ? (await query<{ id: string }>(databaseUrl('notification'), NOTIFIED)).map(({ id }) => id)
      : undefined,
  };
}

const ENDS = `SELECT order_id AS id, concat_ws(' ', status, reason) AS end, amount::float8 FROM orders`;
const PAYMENTS = 'SELECT status, count(*)::int AS count FROM payments GROUP BY status';
const STOCK = 'SELECT sku, initial, available, reserved FROM stock';
const NOTIFIED = 'SELECT order_id AS id FROM notifications';

async function bookedAt(carrierUrl: string, client: HttpClient): Promise<readonly string[]> {
  const bookings = await client.pages<{ readonly reference: string; readonly status: string }>(
    `${carrierUrl}/v1/bookings?limit=10000`,
  );
  return bookings.filter(({ status }) => status === 'booked').map(({ reference }) => reference);
}
