import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Client } from 'pg';

/**
 * The databases of a system from before the chassis had a schema of its own, as `pg_dump --inserts --no-owner --no-privileges` wrote
 * them: see `dumps/README.md` for what is in them.
 */
export const DUMPED = ['order', 'payment', 'inventory', 'shipping', 'notification'] as const;
export type Dumped = (typeof DUMPED)[number];

/** The tables of the chassis, as they were called in `public`. */
export const TABLES = [
  'outbox',
  'dead_letter_outbox',
  'inbox',
  'task',
  'idempotency_key',
  'dead_letter',
  'dead_letter_replay',
  'dead_letter_replay_item',
  'operator_act',
  'relay_recovery',
  'relay_aside',
] as const;

/** Fills an empty database. Commands of psql are not SQL. */
export async function load(url: string, service: Dumped): Promise<void> {
  const dump = gunzipSync(readFileSync(new URL(`dumps/${service}.sql.gz`, import.meta.url))).toString();
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(dump.replace(/^\\.*$/gm, ''));
  } finally {
    await client.end();
  }
}
