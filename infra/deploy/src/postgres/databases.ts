import pg from 'pg';

/** A login role and the database of the same name that it owns. */
export interface OwnDatabase {
  readonly name: string;
  readonly password: string;
  /** The role streams its outbox. */
  readonly replication: boolean;
}

/** The name of a service's database and role. */
export const databaseOf = (service: string): string => `troupe_${service}`;

/** The replication slot of a service's outbox. */
export const slotOf = (service: string): string => `troupe_${service}_outbox`;

/**
 * Creates missing roles and databases. A role may log in and reach its own database. The right of everybody to connect,
 * which PostgreSQL gives to each new database, is revoked. Idempotent.
 */
export async function ensureDatabases(adminUrl: string, wanted: readonly OwnDatabase[]): Promise<void> {
  await withClient(adminUrl, async (client) => {
    for (const database of wanted) await ensureDatabase(client, database);
    await client.query('REVOKE CONNECT, TEMPORARY ON DATABASE postgres, template1 FROM PUBLIC');
  });
}

async function ensureDatabase(client: pg.Client, { name, password, replication }: OwnDatabase): Promise<void> {
  const role = pg.escapeIdentifier(name);
  const exists = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [name]);
  const may = `LOGIN ${replication ? 'REPLICATION' : 'NOREPLICATION'} PASSWORD ${pg.escapeLiteral(password)}`;
  await client.query(`${exists.rowCount ? 'ALTER' : 'CREATE'} ROLE ${role} ${may}`);
  const database = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
  if (!database.rowCount) await client.query(`CREATE DATABASE ${role} OWNER ${role}`);
  await client.query(`REVOKE CONNECT, TEMPORARY ON DATABASE ${role} FROM PUBLIC`);
}

/**
 * Copies each service's migrated database to `template_<service>`, for tests that clone one in milliseconds. Nobody may
 * be connected to the databases meanwhile.
 */
export async function makeTemplates(adminUrl: string, services: readonly string[]): Promise<void> {
  await withClient(adminUrl, async (client) => {
    for (const service of services) {
      await client.query(`UPDATE pg_database SET datistemplate = false WHERE datname = 'template_${service}'`);
      await client.query(`DROP DATABASE IF EXISTS template_${service}`);
      await client.query(`CREATE DATABASE template_${service} TEMPLATE ${databaseOf(service)} IS_TEMPLATE true`);
    }
  });
}

const slotMade = 'the outbox slot was made';

/**
 * Makes the replication slot of the outbox, once in the life of a database. When the slot is missing later, a new one would
 * never show the rows that were written meanwhile. So it stays missing here, and the relay makes it, after it has published
 * these rows again. Returns whether the slot exists.
 */
export async function ensureSlot(databaseUrl: string, slot: string): Promise<boolean> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query(
      `SELECT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = $1) AS present,
              shobj_description(oid, 'pg_database') IS NOT DISTINCT FROM $2 AS made
         FROM pg_database WHERE datname = current_database()`,
      [slot, slotMade],
    );
    if (rows[0].made) return rows[0].present;
    if (!rows[0].present) await client.query(`SELECT pg_create_logical_replication_slot($1, 'pgoutput')`, [slot]);
    const database = pg.escapeIdentifier(client.database ?? '');
    await client.query(`COMMENT ON DATABASE ${database} IS ${pg.escapeLiteral(slotMade)}`);
    return true;
  });
}

/**
 * Drops the slot when nobody uses it, because PostgreSQL keeps its log without end for a slot that nobody reads. The rows
 * are in the outbox; a relay that needs a slot again publishes what is left there before it makes one.
 */
export async function releaseSlot(databaseUrl: string, slot: string): Promise<void> {
  await withClient(databaseUrl, (client) =>
    client.query(
      'SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1 AND NOT active',
      [slot],
    ),
  );
}

/** Runs `work` with a connection of its own. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
