import type { Queryable } from '../live-connection.ts';

export interface SlotState {
  readonly active: boolean;
  /** `reserved`, `extended` or `unreserved` (about to be lost). */
  readonly walStatus: string;
  /** Bytes of write-ahead log between what is acknowledged and what is written. */
  readonly lagBytes: number;
  /** Bytes of write-ahead log that the server keeps because of this slot. */
  readonly retainedBytes: number;
}

export type Slot =
  | { readonly kind: 'usable'; readonly state: SlotState }
  /** Missing, or invalidated; `cause` completes "The slot was lost (…)". */
  | { readonly kind: 'gone'; readonly cause: string }
  /** Somebody else's, under our name; `why` is a sentence with the remedy. */
  | { readonly kind: 'foreign'; readonly why: string };

interface SlotColumns {
  readonly active: boolean;
  readonly plugin: string | null;
  readonly database: string | null;
  readonly here: string;
  readonly wal_status: string | null;
  readonly invalidated: string | null;
  readonly lag: number | null;
  readonly retained: number | null;
}

/** `invalidation_reason` is known from PostgreSQL 17 on. */
const QUERY = `
  SELECT active, plugin, database, current_database() AS here, wal_status,
         to_jsonb(slot) ->> 'invalidation_reason' AS invalidated,
         pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn)::float8 AS lag,
         pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::float8 AS retained
  FROM pg_replication_slots AS slot WHERE slot_name = $1`;

/** Looks at a slot; creates nothing: a slot that is made without more would silently skip what was written before it. */
export async function inspectSlot(connection: Queryable, name: string): Promise<Slot> {
  const { rows } = await connection.query<SlotColumns>(QUERY, [name]);
  const [slot] = rows;
  if (slot === undefined) return { kind: 'gone', cause: 'it does not exist' };
  if (slot.plugin !== 'pgoutput' || slot.database !== slot.here) return { kind: 'foreign', why: foreign(name, slot) };
  if (slot.wal_status === 'lost') return { kind: 'gone', cause: causeOf(slot.invalidated) };
  const { active, wal_status: walStatus, lag, retained } = slot;
  return {
    kind: 'usable',
    state: { active, walStatus: walStatus ?? 'reserved', lagBytes: lag ?? 0, retainedBytes: retained ?? 0 },
  };
}

function causeOf(invalidated: string | null): string {
  if (invalidated === null) return 'PostgreSQL invalidated it';
  if (invalidated !== 'wal_removed') return `PostgreSQL invalidated it: ${invalidated}`;
  return 'PostgreSQL removed write-ahead log that it needed, since it was behind by more than max_slot_wal_keep_size';
}

function foreign(name: string, { here, plugin, database }: SlotColumns): string {
  return (
    `The replication slot ${name} is not a pgoutput slot of ${here} (it has the plugin ${plugin} and belongs to ` +
    `${database ?? 'no database'}). Nothing is published, and nothing is lost: the rows wait in the outbox. Drop that slot, ` +
    'and the relay makes its own.'
  );
}
