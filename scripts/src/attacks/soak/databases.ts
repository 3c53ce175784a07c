import { type Addresses, type ServiceName, serviceNames } from '@troupe/embedded';
import pg from 'pg';
import type { Reading } from './book.ts';

/** Connections of this program are not counted. */
const NAME = 'troupe soak';
const MB = 1e6;

const CLUSTER = `
  SELECT (SELECT sum(size) FROM pg_ls_waldir())::float8 AS wal,
         (SELECT max(pg_current_wal_lsn() - restart_lsn) FROM pg_replication_slots)::float8 AS retained,
         (SELECT pg_size_bytes(current_setting('max_wal_size')))::float8 AS "walRoom"`;
const CONNECTIONS = `
  SELECT datname AS name, count(*)::int AS count FROM pg_stat_activity
  WHERE datname IS NOT NULL AND application_name <> '${NAME}' GROUP BY datname`;
/** The inbox is as large as all history, so PostgreSQL's own estimate is taken instead of a count. */
const ROWS = `
  SELECT (SELECT count(*) FROM chassis.outbox)::int AS outbox, (SELECT count(*) FROM chassis.task)::int AS task,
         (SELECT n_live_tup FROM pg_stat_user_tables WHERE relid = 'chassis.inbox'::regclass)::int AS inbox,
         (pg_total_relation_size('chassis.outbox') + pg_total_relation_size('chassis.task'))::float8 AS passing,
         pg_database_size(current_database())::float8 AS "all"`;

interface Rows {
  readonly outbox: number;
  readonly task: number;
  readonly inbox: number;
  readonly passing: number;
  readonly all: number;
}

/** Connections, write-ahead log, rows and sizes of the databases of the services. */
export class Databases {
  readonly #admin: pg.Client;
  readonly #services: ReadonlyMap<ServiceName, pg.Client>;

  private constructor(admin: pg.Client, services: ReadonlyMap<ServiceName, pg.Client>) {
    this.#admin = admin;
    this.#services = services;
  }

  static async open({ adminUrl, databaseUrl }: Addresses): Promise<Databases> {
    const client = async (database: string): Promise<pg.Client> => {
      const url = new URL(adminUrl);
      url.pathname = database;
      const opened = new pg.Client({ connectionString: url.href, application_name: NAME });
      await opened.connect();
      return opened;
    };
    const services = new Map<ServiceName, pg.Client>();
    for (const service of serviceNames) services.set(service, await client(new URL(databaseUrl(service)).pathname));
    return new Databases(await client('/postgres'), services);
  }

  async read(): Promise<readonly Reading[]> {
    const each = [...this.#services].map(async ([service, client]) => {
      const { rows } = await client.query<Rows>(ROWS);
      return rowReadings(service, rows[0] as Rows);
    });
    return [...(await this.#cluster()), ...(await Promise.all(each)).flat()];
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.#admin, ...this.#services.values()].map((client) => client.end()));
  }

  async #cluster(): Promise<readonly Reading[]> {
    const { rows: connections } = await this.#admin.query<{ name: string; count: number }>(CONNECTIONS);
    const { rows } = await this.#admin.query<{ wal: number; retained: number; walRoom: number }>(CLUSTER);
    const { wal = 0, retained = 0, walRoom = 0 } = rows[0] ?? {};
    const recycled = `up to max_wal_size (${Math.round(walRoom / MB)} MB) is kept to be written again`;
    return [
      ...serviceNames.map((of): Reading => {
        const count = connections.find(({ name }) => name === `troupe_${of}`)?.count ?? 0;
        return { what: 'database connections', of, unit: '', slack: 8, value: count };
      }),
      { what: 'WAL on disk', of: 'postgres', unit: 'MB', slack: 50, value: wal / MB, kept: recycled },
      { what: 'WAL kept for a slot', of: 'postgres', unit: 'MB', slack: 50, value: retained / MB },
    ];
  }
}

function rowReadings(of: ServiceName, { outbox, task, inbox, passing, all }: Rows): readonly Reading[] {
  const known = 'ids are kept for 21 days (INBOX_RETENTION_MS)';
  return [
    { what: 'outbox rows', of, unit: '', slack: 500, value: outbox },
    { what: 'task rows', of, unit: '', slack: 500, value: task },
    { what: 'inbox rows', of, unit: '', slack: 500, value: inbox, kept: known },
    { what: 'outbox, task: size', of, unit: 'MB', slack: 20, value: passing / MB },
    { what: 'other tables: size', of, unit: 'MB', slack: 20, value: (all - passing) / MB, kept: 'every order is kept' },
  ];
}
