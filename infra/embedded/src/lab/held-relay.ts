import pg from 'pg';

/** The lock with which a relay has its turn: services/chassis/src/outbox/relay/relay.ts. */
const LOCK = `hashtext('troupe relay'), hashtext($1)`;
const TAKE = `SELECT pg_advisory_lock(${LOCK})`;
/** PostgreSQL shows the two halves of the lock as numbers without sign. */
const END_HOLDER = `
  SELECT pg_terminate_backend(pid) FROM pg_locks
   WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND pid <> pg_backend_pid()
     AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
     AND classid::bigint = hashtext('troupe relay')::bigint & 4294967295
     AND objid::bigint = hashtext($1)::bigint & 4294967295`;

/**
 * True takes the turn from the relays of a service, as a second relay would that hangs: they stand by, and its events stay in
 * the outbox. False gives the turn back. The turn ends with the connection: a launcher that dies holds nothing.
 */
export function holdRelay(adminUrl: string, service: string, slot: string): (on: boolean) => Promise<void> {
  const url = new URL(adminUrl);
  url.pathname = `/troupe_${service}`;
  let holder: pg.Client | undefined;

  async function take(): Promise<void> {
    const client = new pg.Client({ connectionString: url.href, application_name: 'lab' });
    const ender = new pg.Client({ connectionString: url.href, application_name: 'lab' });
    // A stack that stops ends them.
    for (const each of [client, ender]) each.on('error', () => undefined);
    await Promise.all([client.connect(), ender.connect()]);
    // Who waits in line has the lock before the relay, which comes back and asks whether it is free.
    const taken = client.query(TAKE, [slot]);
    taken.catch(() => undefined);
    try {
      await inLine(ender);
      await ender.query(END_HOLDER, [slot]);
      await taken;
      holder = client;
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    } finally {
      await ender.end().catch(() => undefined);
    }
  }

  return async (on) => {
    if (on) return take();
    await holder?.end().catch(() => undefined);
    holder = undefined;
  };
}

/** Resolves when the other connection of the lab has the lock, or waits for it. */
async function inLine(ender: pg.Client): Promise<void> {
  const asked = `SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)
                  WHERE locktype = 'advisory' AND application_name = 'lab' AND datname = current_database()`;
  while ((await ender.query(asked)).rowCount === 0);
}
