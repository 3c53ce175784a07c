import { failpoint } from '../../process/failpoint.ts';
import type { Queryable } from '../live-connection.ts';
import { OUTBOX_TABLES, type OutboxTable } from '../outbox-tables.ts';
import { readPage } from '../pages.ts';
import { notRefused } from '../refused/refused-records-table.ts';
import { type RelayOptions, type RelayTurn, type RunningRelay, runRelay } from './relay.ts';

/** Between looks at an outbox that was empty. */
const IDLE_MS = 150;

/**
 * Publishes the outbox by reading its tables, for databases without logical replication. At least once, in order along
 * each key: a row is deleted when the broker has it.
 *
 * It reads from the beginning each time, in the order of positions, and deletes exactly what it read. A row that
 * commits after rows of higher positions is read the next time. It overtakes none of its key: these commit in the order
 * of their positions, under the lock of the key.
 *
 * A relay that lost its turn without knowing (SIGSTOP) may publish one more page, of rows that the next relay publishes
 * before any that follow them. It cannot delete: its connection is gone.
 */
export function startPollingRelay(options: RelayOptions): RunningRelay {
  return runRelay({ ...options, deletesPublished: true }, async (turn) => {
    turn.working();
    for (;;) {
      // What was committed before the stop is published with the last look.
      const isLast = turn.stopping.aborted;
      await turn.attend();
      const found = await publishedPages(turn, options.topicPrefix);
      if (isLast) return;
      if (found === 0) await turn.pause(IDLE_MS);
    }
  });
}

/** A page of each table. Returns the number of rows. */
async function publishedPages(turn: RelayTurn, topicPrefix: string): Promise<number> {
  let found = 0;
  for (const table of OUTBOX_TABLES) {
    const { positions, records } = await turn.unlessOver(readPage(turn.control, table, { topicPrefix }));
    if (records.length === 0) continue;
    await turn.publish(records);
    await turn.unlessOver(remove(turn.control, table, positions));
    failpoint('relay-after-acknowledgement');
    found += records.length;
  }
  return found;
}

async function remove(connection: Queryable, { name }: OutboxTable, positions: readonly string[]): Promise<void> {
  await connection.query(
    `DELETE FROM chassis.${name} AS o WHERE position = ANY($1::bigint[]) AND ${notRefused(name, 'o')}`,
    [positions],
  );
}
