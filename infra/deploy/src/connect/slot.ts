import { withClient } from '../postgres/databases.ts';

/**
 * Why a connector must not be started on a slot, as a sentence with the remedy; undefined when it may. Debezium silently
 * makes a missing slot, and skips what was written before it.
 */
export async function hindrance(databaseUrl: string, slot: string): Promise<string | undefined> {
  try {
    const { rows } = await withClient(databaseUrl, (client) =>
      client.query('SELECT active, wal_status FROM pg_replication_slots WHERE slot_name = $1', [slot]),
    );
    const [found] = rows as { active: boolean; wal_status: string | null }[];
    if (found === undefined || found.wal_status === 'lost')
      return (
        `the replication slot ${slot} is ${found ? 'lost' : 'gone'}, and Debezium would make a new one that skips what was ` +
        'written before. Nothing is lost: the rows wait in the outbox. Start once with --relay logical, which publishes them ' +
        'again and makes the slot; then come back.'
      );
    return found.active ? `another relay has the replication slot ${slot}; waiting for it.` : undefined;
  } catch (error) {
    return `PostgreSQL cannot be asked for its slot ${slot} (${(error as Error).message}); waiting for it.`;
  }
}
