import { type ServiceName, serviceNames } from '@troupe/services';
import pg from 'pg';
import type { Site } from '../site.ts';
import type { Scratch } from './scratch.ts';

const PAGE = 5_000;

/** The query for each table of facts. Names of columns are those of the facts. */
type Queries = Readonly<Record<string, string>>;

const hash = (bytes: string): string => `encode(sha256(${bytes}), 'hex')`;
const has = (table: string): string => `to_regclass('${table}') IS NOT NULL AS there`;

/** The tables of the chassis, which every service has. Refused outbox rows are left out: they wait for a person, and are no finding. */
const chassis = (service: ServiceName): Queries => ({
  outbox: `SELECT '${service}' AS service, position, id, aggregatetype || '.events' AS topic, aggregateid AS key, type,
             ${hash('payload')} AS payload_hash, ce_time AS at FROM chassis.outbox
           WHERE NOT EXISTS (SELECT FROM chassis.relay_aside a WHERE a.outbox = 'outbox' AND a.position = outbox.position)`,
  inbox: `SELECT '${service}' AS service, event_id, encode(payload_hash, 'hex') AS payload_hash, received_at,
            age(xmin) AS age FROM chassis.inbox`,
  task: `SELECT '${service}' AS service, name, key, due_at, leased_until, attempts, last_error FROM chassis.task`,
  dead_letter: `SELECT '${service}' AS service, topic, partition, "offset",
                  encode(coalesce(key_hash, sha256(key)), 'hex') AS key, position, status,
                  settled_at IS NOT NULL AS settled, received_at FROM chassis.dead_letter`,
  ended: `SELECT '${service}' AS service, detail->>'call' AS call, target AS order_id FROM chassis.operator_act WHERE act = 'call.end'`,
  answer: `SELECT '${service}' AS service, scope, key, status, body->>'orderId' AS order_id, created_at FROM chassis.idempotency_key`,
  slot: `SELECT '${service}' AS service, active, wal_status,
           coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn), 0) AS retained_bytes
         FROM pg_replication_slots WHERE database = current_database() AND slot_name = 'troupe_${service}_outbox'`,
  recovery: `SELECT '${service}' AS service, cause, began_at FROM chassis.relay_recovery WHERE finished_at IS NULL`,
});

/** The tables that the rules of the shop are about. A service that is not here is judged by what the chassis keeps of it. */
const own: Readonly<Partial<Record<ServiceName, Queries>>> = {
  order: {
    orders: 'SELECT order_id, customer_id, status, total, currency, items, created_at, updated_at FROM orders',
    order_event: 'SELECT order_id, version, type, data, occurred_at FROM order_event',
    saga: 'SELECT saga_id, status, updated_at FROM saga',
    saga_step: 'SELECT saga_id, position, name, status, compensation FROM saga_step',
  },
  payment: {
    payment: `SELECT order_id, status, amount, currency, charge_id, refund_id, approval_expires_at, updated_at FROM payment`,
  },
  inventory: {
    stock: 'SELECT sku, initial, restocked, available, reserved, shipped FROM stock',
    reservation: 'SELECT order_id, status, items, updated_at FROM reservation',
    restock: 'SELECT sku, quantity FROM restock',
  },
  shipping: { shipment: 'SELECT order_id, status, booking_id, updated_at FROM shipment' },
  notification: { notification: 'SELECT order_id, template, status, updated_at FROM notification' },
};

/** Reads all databases into the facts, each in one read-only transaction, so as it is at one moment. */
export async function readDatabases(scratch: Scratch, site: Site): Promise<void> {
  for (const service of serviceNames) {
    const client = new pg.Client({ connectionString: site.databaseUrl(service), application_name: 'troupe audit' });
    client.on('error', () => undefined);
    await client.connect();
    try {
      await client.query('BEGIN READ ONLY ISOLATION LEVEL REPEATABLE READ');
      await isOfThisVersion(client, service);
      const queries = { ...own[service], ...chassis(service) };
      for (const [table, sql] of Object.entries(queries)) await copy(client, { table, sql, scratch });
    } finally {
      await client.end();
    }
  }
}

/** Tables of the chassis that are elsewhere would be taken for empty, and everything for well. */
async function isOfThisVersion(client: pg.Client, service: ServiceName): Promise<void> {
  const { rows } = await client.query<{ there: boolean }>(`SELECT to_regnamespace('chassis') IS NOT NULL AS there`);
  if (rows[0]?.there === true) return;
  throw new Error(
    `The database of ${service} has no schema chassis: an earlier version made it. Migrate it first, with npm start or as your ` +
      'deployment does, and then ask again.',
  );
}

interface Copying {
  readonly table: string;
  readonly sql: string;
  readonly scratch: Scratch;
}

/** Page by page, so that a large table needs no large memory. A table that this version does not have is empty. */
async function copy(client: pg.Client, { table, sql, scratch }: Copying): Promise<void> {
  const source = /FROM ([\w.]+)/.exec(sql.replace(/\([^()]*\)/g, ''))?.[1] ?? table;
  const { rows: known } = await client.query<{ there: boolean }>(`SELECT ${has(source)}`);
  if (known[0]?.there !== true) return;
  await client.query(`DECLARE page NO SCROLL CURSOR FOR ${sql}`);
  for (;;) {
    const { rows } = await client.query(`FETCH ${PAGE} FROM page`);
    if (rows.length === 0) break;
    await scratch.add(table, rows);
  }
  await client.query('CLOSE page');
}
