import pg from 'pg';

export interface Limits {
  readonly connectionTimeoutMillis?: number;
  readonly query_timeout?: number;
}

/** Runs one statement, or several without values, on a connection of its own. Rejects when the database does not answer. */
export async function query<Row extends pg.QueryResultRow>(
  databaseUrl: string,
  text: string,
  values?: readonly unknown[],
  limits: Limits = { connectionTimeoutMillis: 10_000 },
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: databaseUrl, ...limits });
  // A connection that breaks while it is idle would end this process; the statement reports the same failure.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<Row>(text, values && [...values])).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}
