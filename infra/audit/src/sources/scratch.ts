import pg from 'pg';
import { DERIVED, FACTS } from '../facts.ts';

const PAGE = 5_000;

/** The connection that holds the facts. */
export class Scratch {
  readonly #client: pg.Client;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  static async open(url: string): Promise<Scratch> {
    const client = new pg.Client({ connectionString: url, application_name: 'troupe audit' });
    client.on('error', () => undefined);
    await client.connect();
    await client.query(FACTS);
    return new Scratch(client);
  }

  /** Adds rows to a table of facts. Names of columns are names of fields; a field that is missing is NULL. */
  async add(table: string, rows: readonly object[]): Promise<void> {
    for (let at = 0; at < rows.length; at += PAGE) {
      await this.#client.query(
        `INSERT INTO pg_temp.${table} SELECT * FROM json_populate_recordset(NULL::pg_temp.${table}, $1)`,
        [JSON.stringify(rows.slice(at, at + PAGE))],
      );
    }
  }

  /** Says that all facts are there. */
  async complete(): Promise<void> {
    await this.#client.query(DERIVED);
  }

  async find<Row extends object>(sql: string): Promise<readonly Row[]> {
    return (await this.#client.query<Row>(sql)).rows;
  }

  async close(): Promise<void> {
    await this.#client.end();
  }
}
