import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../telemetry/log.ts';
import { LiveConnection, type Queryable } from './live-connection.ts';
import { OUTBOX_TABLES } from './outbox-tables.ts';
import { notRefused } from './refused/refused-records-table.ts';
import { SILENCE_MS } from './relay/relay.ts';

export interface PrunerOptions {
  readonly connectionString: string;
  /** The replication slot through which the outbox is published, by whomever. */
  readonly slot: string;
  /** How long a row is kept at least, so that it can be published again when the slot is lost. */
  readonly retentionMs: number;
  readonly log: Log;
  /** Between rounds. Default: 30 s. */
  readonly everyMs?: number;
}

export interface RunningPruner {
  /** At most the statement that runs is waited for. Safe to call twice; never rejects. */
  stop(): Promise<void>;
}

const EVERY_MS = 30_000;
/** Rows deleted by one statement: a few milliseconds, in which nobody waits. */
const STEP = 1_000;
/** How long the slot is given to come by; a broker that is away ends the round. */
const CONFIRM_MS = 5_000;
const LOOK_MS = 50;

const LOCK = `SELECT pg_try_advisory_lock(hashtext('troupe outbox pruner'), hashtext($1)) AS locked`;
const WRITTEN = 'SELECT pg_current_wal_insert_lsn()::text AS lsn';
const CONFIRMED = `
  SELECT confirmed_flush_lsn >= $2::pg_lsn AS confirmed FROM pg_replication_slots
  WHERE slot_name = $1 AND plugin = 'pgoutput' AND database = current_database() AND wal_status <> 'lost'`;
const firstRows = (table: string): string =>
  `SELECT position, id FROM chassis.${table} WHERE position > $1 ORDER BY position LIMIT ${STEP}`;
const deletion = (table: string): string => `
  DELETE FROM chassis.${table} AS o WHERE position = ANY($1::bigint[]) AND ${notRefused(table, 'o')}
    AND NOT EXISTS (SELECT FROM chassis.relay_recovery WHERE slot = $2 AND finished_at IS NULL)`;

/**
 * Deletes rows that are old enough and that the slot has confirmed: the broker has them. It looks at the slot, so it
 * serves whoever publishes, Debezium included. One process prunes at a time, and no writer waits.
 *
 * A row has no position in the write-ahead log. So rows are looked at first, and then how far the log is written: what
 * was visible before lies below that. A slot that was made anew has confirmed nothing of what was written before it, so
 * nothing is deleted during a recovery (recovery.ts). The slot is looked at before the recovery, and the recovery
 * begins before the slot is made: a new slot is never taken for the old one.
 */
export function startOutboxPruner(options: PrunerOptions): RunningPruner {
  const stopping = new AbortController();
  const ended = run(options, stopping.signal);
  return {
    stop: async () => {
      stopping.abort();
      await ended;
    },
  };
}

async function run(options: PrunerOptions, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    try {
      await round(options, stopping);
    } catch (error) {
      if (!stopping.aborted) options.log.warn({ err: error }, 'the outbox could not be pruned; trying again');
    }
    await sleep(options.everyMs ?? EVERY_MS, undefined, { signal: stopping }).catch(() => undefined);
  }
}

async function round(options: PrunerOptions, stopping: AbortSignal): Promise<void> {
  const { connectionString, slot } = options;
  const connection = await LiveConnection.open({ connectionString, silenceMs: SILENCE_MS });
  try {
    const { rows } = await connection.query<{ locked: boolean }>(LOCK, [slot]);
    if (rows[0]?.locked !== true) return;
    for (const { name } of OUTBOX_TABLES) await prune(connection, { ...options, table: name, stopping });
  } finally {
    await connection.close();
  }
}

type Pruning = PrunerOptions & { readonly table: string; readonly stopping: AbortSignal };

/** From the front, where the oldest rows are, until none of a step is old. */
async function prune(connection: Queryable, pruning: Pruning): Promise<void> {
  const { table, slot, retentionMs, stopping } = pruning;
  let behind = '-1';
  while (!stopping.aborted) {
    const { rows } = await connection.query<{ position: string; id: string }>(firstRows(table), [behind]);
    const old = rows.filter(({ id }) => isOlder(id, Date.now() - retentionMs)).map(({ position }) => position);
    if (old.length === 0 || !(await isConfirmed(connection, pruning))) return;
    await connection.query(deletion(table), [old, slot]);
    behind = rows.at(-1)?.position ?? behind;
  }
}

/** Whether the broker has everything that is committed now. Waits a little for it. */
async function isConfirmed(connection: Queryable, { slot, stopping }: Pruning): Promise<boolean> {
  const written = await connection.query<{ lsn: string }>(WRITTEN);
  const deadline = Date.now() + CONFIRM_MS;
  while (!stopping.aborted && Date.now() < deadline) {
    const { rows } = await connection.query<{ confirmed: boolean }>(CONFIRMED, [slot, written.rows[0]?.lsn]);
    if (rows[0]?.confirmed !== false) return rows[0]?.confirmed === true;
    await sleep(LOOK_MS, undefined, { signal: stopping }).catch(() => undefined);
  }
  return false;
}

/** Whether a UUIDv7 is from before a time: its first 48 bits are milliseconds. Another id tells no time, and is kept. */
export function isOlder(id: string, thanMs: number): boolean {
  return id[14] === '7' && Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) < thanMs;
}
