import { failpoint } from '../../process/failpoint.ts';
import { LiveConnection, type Queryable } from '../live-connection.ts';
import { OUTBOX_TABLES, type OutboxTable } from '../outbox-tables.ts';
import { readPage } from '../pages.ts';
import { type RelayOptions, type RelayTurn, SILENCE_MS } from './relay.ts';

// What makes losing a replication slot harmless.
//
// A new slot begins at a point of the write-ahead log, and shows the transactions that commit behind it. What committed
// before is known from the outbox alone, where rows stay until the broker has had them for a while. So the new slot is made
// in a transaction that sees the database exactly as it was at that point (SNAPSHOT 'use'). So every row is either visible
// in the snapshot, or in a transaction that the slot will show. Nothing falls between, whatever commits meanwhile.
//
// Order: the snapshot is read whole before the slot is used. A key's rows commit in the order of their positions, since
// they are written under the lock of the key: those in the snapshot are the key's first ones, and are published in the
// order of positions. The slot shows the rest, in the order of commits. What the old slot had published comes again behind
// itself: a key's records repeat from some point on, and consumers drop what they have seen.
//
// Crash: that the outbox must be published again is committed before the slot is touched, and taken back only when the
// broker has every row. Until then nobody uses the slot, and whoever is next does it all again, with a slot of its own.

const BEGIN = `
  INSERT INTO chassis.relay_recovery (slot, cause) VALUES ($1, $2)
  ON CONFLICT (slot) DO UPDATE SET cause = $2, finished_at = NULL,
    began_at = CASE WHEN relay_recovery.finished_at IS NULL THEN relay_recovery.began_at ELSE now() END`;
const UNFINISHED = 'SELECT cause FROM chassis.relay_recovery WHERE slot = $1 AND finished_at IS NULL';
const FINISH = 'UPDATE chassis.relay_recovery SET finished_at = now() WHERE slot = $1';
const DROP = 'SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1';
const SNAPSHOT = 'BEGIN READ ONLY ISOLATION LEVEL REPEATABLE READ';

/** Why the slot was lost, when what the outbox keeps has not been published again since; else undefined. */
export async function unfinishedRecovery(connection: Queryable, slot: string): Promise<string | undefined> {
  const { rows } = await connection.query<{ cause: string }>(UNFINISHED, [slot]);
  return rows[0]?.cause;
}

type Recovery = Pick<RelayOptions, 'connectionString' | 'slot' | 'topicPrefix' | 'silenceMs'> & {
  readonly cause: string;
};

/**
 * Makes the slot anew, and publishes every row again that the outbox keeps. When it returns, and the relay is not to
 * stop, the slot may be used: from there on it loses nothing. It waits for every transaction that runs when it begins,
 * and for the broker as long as it takes, with bounded memory. When it throws, or the process dies, it is to be done
 * again.
 */
export async function recover(turn: RelayTurn, recovery: Recovery): Promise<void> {
  const { connectionString, slot, cause, silenceMs = SILENCE_MS } = recovery;
  await turn.control.query(BEGIN, [slot, cause]);
  turn.status.recovering(cause, await keptRows(turn.control));
  turn.observer.recovering();
  const reader = await LiveConnection.open({ connectionString, silenceMs, replication: true });
  try {
    await turn.control.query(DROP, [slot]);
    await turn.unlessOver(makeSlot(reader, slot));
    for (const table of OUTBOX_TABLES) await republish(turn, reader, { table, topicPrefix: recovery.topicPrefix });
  } finally {
    await reader.close();
  }
  if (turn.stopping.aborted) return;
  failpoint('relay-recovery');
  await turn.control.query(FINISH, [slot]);
  turn.status.recovered();
}

/** From here on the reader sees what was committed before the slot begins, and nothing else. */
async function makeSlot(reader: Queryable, slot: string): Promise<void> {
  // At once behind one another: the slot must be the first that its transaction asks for.
  await Promise.all([
    reader.query(SNAPSHOT),
    reader.query(`CREATE_REPLICATION_SLOT "${slot}" LOGICAL pgoutput (SNAPSHOT 'use')`),
  ]);
}

async function republish(
  turn: RelayTurn,
  reader: Queryable,
  { table, topicPrefix }: { readonly table: OutboxTable; readonly topicPrefix: string },
): Promise<void> {
  for (let after: string | undefined; !turn.stopping.aborted; ) {
    const page = await readPage(reader, table, { topicPrefix, after });
    if (page.records.length === 0) return;
    await turn.publish(page.records);
    turn.observer.republished(page.records.length);
    after = page.positions.at(-1);
  }
}

async function keptRows(connection: Queryable): Promise<number> {
  const counts = OUTBOX_TABLES.map(({ name }) => `(SELECT count(*) FROM chassis.${name})`);
  const { rows } = await connection.query<{ kept: string }>(`SELECT ${counts.join(' + ')} AS kept`);
  return Number(rows[0]?.kept);
}
