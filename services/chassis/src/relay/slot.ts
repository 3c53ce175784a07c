import type { Client } from 'pg';

/** What PostgreSQL says of a replication slot. */
export interface SlotState {
  readonly active: boolean;
  /** `reserved`, `extended`, `unreserved` (about to be lost) or `lost`. */
  readonly walStatus: string;
  /** Bytes of write-ahead log between what is acknowledged and what is written. */
  readonly lagBytes: number;
  /** Bytes of write-ahead log that the server keeps because of this slot. */
  readonly retainedBytes: number;
}

/** A slot that this relay could use, or why it cannot: a sentence with the remedy. */
export type Slot =
  | { readonly usable: true; readonly state: SlotState }
  | { readonly usable: false; readonly why: string };

interface SlotColumns {
  readonly active: boolean;
  readonly plugin: string | null;
  readonly database: string | null;
  readonly here: string;
  readonly wal_status: string | null;
  readonly lag: number | null;
  readonly retained: number | null;
}

const QUERY = `
  SELECT active, plugin, database, current_database() AS here, wal_status,
         pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn)::float8 AS lag,
         pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::float8 AS retained
  FROM pg_replication_slots WHERE slot_name = $1`;

/** Looks at a slot; creates nothing: a slot that is made now would silently skip what was written before it. */
export async function inspectSlot(client: Client, name: string): Promise<Slot> {
  const { rows } = await client.query<SlotColumns>(QUERY, [name]);
  const [slot] = rows;
  if (slot === undefined) return { usable: false, why: missing(name, await databaseName(client)) };
  if (slot.plugin !== 'pgoutput' || slot.database !== slot.here) {
    return { usable: false, why: `The replication slot ${name} is not a pgoutput slot of ${slot.here}. ${REMEDY}` };
  }
  if (slot.wal_status === 'lost') return { usable: false, why: `The replication slot ${name} is lost. ${REMEDY}` };
  const { active, wal_status: walStatus, lag, retained } = slot;
  return {
    usable: true,
    state: { active, walStatus: walStatus ?? 'reserved', lagBytes: lag ?? 0, retainedBytes: retained ?? 0 },
  };
}

const REMEDY =
  'Nothing is published, and nothing is lost: the rows wait in the outbox. Drop the slot if it is there, create it anew, ' +
  'and publish again what the outbox keeps before the relay goes on.';

function missing(name: string, database: string): string {
  return (
    `The replication slot ${name} does not exist in ${database}. ${REMEDY} On a new database, before the first order: ` +
    `SELECT pg_create_logical_replication_slot('${name}', 'pgoutput').`
  );
}

async function databaseName(client: Client): Promise<string> {
  const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name');
  return rows[0]?.name ?? 'the database';
}
