import type { ServiceName } from '@troupe/embedded';
import pg from 'pg';
import type { HttpClient } from '../../measure/http-client.ts';
import { wanted } from '../../measure/views.ts';
import type { OutsideAddresses } from '../../../peers/outside.ts';
import type { DatabaseUrl } from '../../../peers/tables.ts';

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
  readonly told: readonly string[] | undefined;
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
  const rows = <Row extends pg.QueryResultRow>(part: ServiceName, text: string): Promise<Row[]> =>
    queryOnce<Row>(databaseUrl(part), text);
  const orders = await rows<{ id: string; end: string; amount: number }>('order', ENDS);
  const payments = await rows<{ status: string; count: number }>('payment', PAYMENTS);
  const ledger = await pages<LedgerEntry & { readonly status: string }>(client, `${outside.providerUrl}/v1/ledger`);
  return {
    ends: new Map(orders.map(({ id, end }) => [id, end])),
    sold: orders.filter(({ end }) => end === 'CONFIRMED').reduce((sum, { amount }) => sum + amount, 0),
    payments: new Map(payments.map(({ status, count }) => [status, count])),
    stock: await rows<StockRow>('inventory', 'SELECT sku, initial, available, reserved FROM stock'),
    ledger: ledger.filter(({ status }) => status === 'succeeded'),
    booked: further ? await bookedAt(outside.carrierUrl, client) : undefined,
    told: further ? (await rows<{ id: string }>('notification', TOLD)).map(({ id }) => id) : undefined,
  };
}

const ENDS = `SELECT order_id AS id, concat_ws(' ', status, reason) AS end, amount::float8 FROM orders`;
const PAYMENTS = 'SELECT status, count(*)::int AS count FROM payments GROUP BY status';
const TOLD = 'SELECT order_id AS id FROM notifications';

async function bookedAt(carrierUrl: string, client: HttpClient): Promise<readonly string[]> {
  const bookings = await pages<{ readonly reference: string; readonly status: string }>(
    client,
    `${carrierUrl}/v1/bookings`,
  );
  return bookings.filter(({ status }) => status === 'booked').map(({ reference }) => reference);
}

/** All items of a list of the stand-ins. */
async function pages<Item>(client: HttpClient, url: string): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page: Page<Item> = await wanted(client, `${url}?limit=10000${cursor ? `&cursor=${cursor}` : ''}`);
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  return items;
}

interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** One question on a connection of its own. */
export async function queryOnce<Row extends pg.QueryResultRow>(databaseUrl: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}
