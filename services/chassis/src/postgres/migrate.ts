import { readdirSync, readFileSync } from 'node:fs';
import { Client } from 'pg';

// The chassis owns its tables: they lie in the schema `chassis` of each service's database, and change by the numbered files in
// `services/chassis/migrations`. A deployment runs them before a service starts, beside the service's own migrations and as the role
// that owns the database. A running service never does.

/** Beside `src` as beside `dist`. */
const FOLDER = new URL('../../migrations/', import.meta.url);
const NUMBERED = /^(\d{6})_\w+\.sql$/;
/** Makes the schema and its list of migrations, and takes over the tables that earlier versions had in `public`. */
const TAKE_OVER = readFileSync(new URL('take-over.sql', FOLDER), 'utf8');

interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

/** A database cannot be brought up to date. The message says which, why, and what to do. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/**
 * Brings the chassis' tables up to date, as the role of the URL. Resolves with the names of the migrations that were
 * missing. Safe beside another process that does the same. A migration takes effect as a whole, with its row in
 * `chassis.migration`.
 * @throws MigrationError when the database cannot be reached, a migration fails, or a newer version has migrated it.
 */
export async function migrate(databaseUrl: string, folder = FOLDER): Promise<readonly string[]> {
  const known = migrationsIn(folder);
  const client = new Client({ connectionString: databaseUrl });
  // A connection that breaks shows in the next statement.
  client.on('error', () => undefined);
  await connected(client);
  try {
    await client.query(`SELECT pg_advisory_lock(hashtext('chassis'), hashtext('migrations'))`);
    // A file that leaves the schema out of a name fails, whatever search path the role has.
    await client.query(`SET search_path = ''`);
    return await broughtUpToDate(client, known);
  } finally {
    await client.end();
  }
}

async function connected(client: Client): Promise<void> {
  try {
    await client.connect();
  } catch (error) {
    const { database, host, port } = client;
    throw new MigrationError(
      `The database ${database} at ${host}:${port} cannot be reached: ${(error as Error).message}. See that PostgreSQL runs there, and ` +
        'that DATABASE_URL has the right role and password.',
      { cause: error },
    );
  }
}

async function broughtUpToDate(client: Client, known: readonly Migration[]): Promise<readonly string[]> {
  if (!(await hasList(client))) await inTransaction(client, 'take-over', TAKE_OVER);
  const { rows } = await client.query<{ newest: number }>(
    'SELECT coalesce(max(number), 0)::int AS newest FROM chassis.migration',
  );
  const newest = rows[0]?.newest ?? 0;
  if (newest > known.length) throw newer(client, newest, known.length);
  const missing = known.filter(({ number }) => number > newest);
  for (const { number, name, sql } of missing) {
    await inTransaction(client, name, sql, () =>
      client.query('INSERT INTO chassis.migration (number, name) VALUES ($1, $2)', [number, name]),
    );
  }
  return missing.map(({ name }) => name);
}

async function hasList(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>(
    `SELECT to_regclass('chassis.migration') IS NOT NULL AS there`,
  );
  return rows[0]?.there === true;
}

async function inTransaction(client: Client, name: string, sql: string, then?: () => Promise<unknown>): Promise<void> {
  try {
    await client.query('BEGIN');
    await client.query(sql);
    await then?.();
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    const why = error instanceof Error ? error.message : String(error);
    throw new MigrationError(
      `The chassis' tables of the database ${client.database} could not be migrated by ${name}: ${why}\n` +
        'Nothing of this migration took effect. Mend what it stumbled over, and migrate again.',
      { cause: error },
    );
  }
}

function newer({ database }: Client, newest: number, known: number): MigrationError {
  return new MigrationError(
    `The chassis' tables of the database ${database} are at migration ${newest}, and this version knows ${known}: a newer version ` +
      'has migrated them. Deploy that version or a later one; nothing was changed.',
  );
}

/** In their order. Throws when a number is missing or there twice: what comes behind it would be skipped somewhere. */
function migrationsIn(folder: URL): readonly Migration[] {
  const names = readdirSync(folder).filter((name) => NUMBERED.test(name));
  return names.sort().map((file, index) => {
    const number = Number(NUMBERED.exec(file)?.[1]);
    if (number !== index + 1) {
      throw new MigrationError(
        `The migrations in ${folder.pathname} go up by one, but ${file} is number ${index + 1}.`,
      );
    }
    return { number, name: file.replace('.sql', ''), sql: readFileSync(new URL(file, folder), 'utf8') };
  });
}
