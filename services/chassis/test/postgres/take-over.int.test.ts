import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { OutgoingRecord, Publisher } from '../../src/kafka/producer.ts';
import { startRelay } from '../../src/outbox/relay/logical-relay.ts';
import { unobserved } from '../../src/outbox/relay/observer.ts';
import { migrate } from '../../src/postgres/migrate.ts';
import { Readiness } from '../../src/process/readiness.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { fromStack } from '../../src/testing/stack.ts';
import { eventually } from '../testing/eventually.ts';
import { DUMPED, load, TABLES } from './dumps.ts';

const MIGRATIONS = new URL('../../migrations/', import.meta.url);
const files = readdirSync(MIGRATIONS)
  .filter((name) => /^\d/.test(name))
  .sort();
/** What Prisma ran of them, in `public`, and how it called it. */
const OF_PRISMA = [
  '20261121000000_chassis',
  '20261121120000_failures',
  '20261121130010_retention',
  '20261121130020_operator',
  '20261126150000_due_by_name',
  '20261130110000_anything_aside',
];

let admin: Client;
const databases: string[] = [];
const roles: string[] = [];
beforeEach(async () => {
  admin = new Client(fromStack('TEST_POSTGRES_ADMIN_URL'));
  await admin.connect();
});
afterEach(async () => {
  for (const name of databases.splice(0)) await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
  for (const name of roles.splice(0)) await admin.query(`DROP ROLE ${name}`);
  await admin.end();
});

async function emptyDatabase(): Promise<string> {
  const name = `test_taken_${randomUUID().slice(0, 8)}`;
  await admin.query(`CREATE DATABASE ${name}`);
  databases.push(name);
  return Object.assign(new URL(fromStack('TEST_POSTGRES_ADMIN_URL')), { pathname: `/${name}` }).href;
}

async function on<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

type Row = Readonly<Record<string, unknown>>;

/** Every row of the chassis' tables, as JSON, without what the migrations since have added. */
const rowsIn = (schema: string) => async (client: Client) => {
  const found: Record<string, readonly Row[]> = {};
  for (const table of TABLES) {
    const { rows } = await client.query<{ row: Row }>(
      `SELECT to_jsonb(t) - 'content_hash' - 'ce_depth' - 'depth' AS row FROM ${schema}.${table} AS t ORDER BY t::text`,
    );
    found[table] = rows.map(({ row }) => row);
  }
  return found;
};

/** Each table by the number under which PostgreSQL knows it, wherever it lies. */
const oids = (schema: string) => async (client: Client) =>
  (
    await client.query<Row>(
      `SELECT relname, oid FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind IN ('r', 'i', 'S')
       AND (relname = ANY($2) OR relname LIKE 'outbox%' OR relname LIKE 'dead_letter_outbox%' OR relname LIKE 'task%') ORDER BY 1`,
      [schema, TABLES],
    )
  ).rows;

/** What later migrations add to a table that was taken over. */
const ADDED: unknown[] = ['task_unanswered_idx'];

/** Columns, constraints, indexes and publication of the schema. */
const shape = async (client: Client) => {
  const of = async (sql: string) => (await client.query<Row>(sql)).rows;
  return {
    columns: await of(
      `SELECT table_name, column_name, data_type, datetime_precision, is_nullable, column_default, is_identity, identity_generation,
              generation_expression
       FROM information_schema.columns WHERE table_schema = 'chassis' ORDER BY 1, 2`,
    ),
    constraints: await of(
      `SELECT conrelid::regclass::text, conname, contype, pg_get_constraintdef(oid) FROM pg_constraint
       WHERE connamespace = 'chassis'::regnamespace ORDER BY 1, 2`,
    ),
    indexes: await of(`SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'chassis' ORDER BY 1`),
    publication: await of(
      `SELECT pubname, pubinsert, pubupdate, schemaname, tablename FROM pg_publication JOIN pg_publication_tables USING (pubname)
       ORDER BY tablename`,
    ),
    migrations: await of('SELECT number, name FROM chassis.migration ORDER BY number'),
  };
};

let fresh: Awaited<ReturnType<typeof shape>> | undefined;
/** Of a database that has always been new. */
async function freshShape() {
  if (fresh === undefined) {
    const url = await emptyDatabase();
    await migrate(url);
    fresh = await on(url, shape);
  }
  return fresh;
}

describe('a database from before the chassis had a schema', () => {
  it.each(DUMPED)('of %s is migrated in place: every row stays, and it is as a new one is', async (service) => {
    const url = await emptyDatabase();
    await load(url, service);
    const [before, numbers] = [await on(url, rowsIn('public')), await on(url, oids('public'))];
    expect(await migrate(url)).toEqual(['000007_dead_letter_record', '000008_event_depth', '000009_status']);
    expect(await on(url, rowsIn('chassis'))).toEqual(before);
    const after = await on(url, oids('chassis'));
    expect(after.filter(({ relname }) => !ADDED.includes(relname))).toEqual(numbers);
    expect(after.map(({ relname }) => relname)).toEqual(expect.arrayContaining(ADDED));
    expect(await on(url, shape)).toEqual(await freshShape());
    const { rows } = await on(url, (client) =>
      client.query<{ name: string }>(`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`),
    );
    const left = rows.map(({ name }) => name);
    expect(left).toContain('_prisma_migrations');
    expect(left.filter((name) => (TABLES as readonly string[]).includes(name))).toEqual([]);
    expect(await migrate(url)).toEqual([]);
  });

  it('has something of everything in the dumps that are tested here', async () => {
    const counts: Record<string, number> = {};
    for (const service of DUMPED) {
      const url = await emptyDatabase();
      await load(url, service);
      for (const [table, rows] of Object.entries(await on(url, rowsIn('public')))) {
        counts[table] = (counts[table] ?? 0) + rows.length;
      }
    }
    const { relay_recovery: _, ...others } = counts;
    for (const [table, count] of Object.entries(others)) expect([table, count > 0]).toEqual([table, true]);
  });

  it('keeps what hangs on its tables: positions go on, privileges, triggers and views of others are there', async () => {
    const url = await emptyDatabase();
    await load(url, 'payment');
    const role = `test_auditor_${randomUUID().slice(0, 8)}`;
    await admin.query(`CREATE ROLE ${role}`);
    roles.push(role);
    await on(url, async (client) => {
      await client.query(`
        GRANT SELECT ON public.dead_letter, public.outbox TO ${role};
        CREATE TABLE public.seen (id uuid);
        CREATE FUNCTION public.see() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO public.seen VALUES (NEW.id); RETURN NEW; END';
        CREATE TRIGGER see AFTER INSERT ON public.operator_act FOR EACH ROW EXECUTE FUNCTION public.see();
        CREATE VIEW public.open AS SELECT id FROM public.dead_letter WHERE settled_at IS NULL`);
      const { rows: before } = await client.query<{ last: string; open: number }>(
        'SELECT max(position)::text AS last, (SELECT count(*)::int FROM public.open) AS open FROM public.outbox',
      );
      await migrate(url);
      const { rows: next } = await client.query<{ position: string }>(
        `INSERT INTO chassis.outbox (id, aggregatetype, aggregateid, type, payload, ce_source, ce_time, ce_correlationid, ce_causationid)
         VALUES (gen_random_uuid(), 'payment', 'k', 't', '', '', '', '', '') RETURNING position::text`,
      );
      expect(BigInt(next[0]?.position ?? 0)).toBeGreaterThan(BigInt(before[0]?.last ?? 0));
      await client.query(
        `INSERT INTO chassis.operator_act (id, operator, act, target, detail) VALUES (gen_random_uuid(), 'ada', 'a', 't', '{}')`,
      );
      const { rows } = await client.query(
        'SELECT count(*)::int AS seen, (SELECT count(*)::int FROM public.open) AS open FROM public.seen',
      );
      expect(rows).toEqual([{ seen: 1, open: before[0]?.open }]);
      await client.query(`SET ROLE ${role}`);
      expect((await client.query('SELECT count(*)::int > 0 AS read FROM chassis.dead_letter')).rows).toEqual([
        { read: true },
      ]);
      await expect(client.query('SELECT FROM chassis.inbox')).rejects.toThrow('permission denied for table inbox');
      await expect(client.query('DELETE FROM chassis.outbox')).rejects.toThrow('permission denied for table outbox');
      await client.query(`RESET ROLE; DROP OWNED BY ${role}`);
    });
  });

  it('goes on with its replication slot: what was written before the move and not published comes, then what is written after', async () => {
    const url = await emptyDatabase();
    await load(url, 'payment');
    const slot = `${new URL(url).pathname.slice(1)}_outbox`;
    const insert = (client: Client, schema: string, label: string) =>
      client.query(
        `INSERT INTO ${schema}.outbox (id, aggregatetype, aggregateid, type, payload, ce_source, ce_time, ce_correlationid, ce_causationid)
         VALUES (gen_random_uuid(), 'payment', 'k', 't', convert_to($1, 'UTF8'), '', '', '', '')`,
        [label],
      );
    await on(url, async (client) => {
      await client.query(`SELECT pg_create_logical_replication_slot($1, 'pgoutput')`, [slot]);
      await insert(client, 'public', 'before');
      await migrate(url);
      await insert(client, 'chassis', 'after');
    });
    const published: string[] = [];
    const publisher: Publisher = {
      publish: async (records: readonly OutgoingRecord[]) => {
        for (const { topic, value } of records) published.push(`${topic} ${value}`);
      },
      close: async () => undefined,
    };
    const relay = startRelay({
      connectionString: url,
      slot,
      topicPrefix: '',
      publisher,
      observer: unobserved,
      readiness: new Readiness(),
      log: createLog('test', { logLevel: 'silent' }),
    });
    try {
      await eventually(() => published.length >= 2, 'both are published');
    } finally {
      await relay.stop();
      await admin.query('SELECT pg_drop_replication_slot($1)', [slot]);
    }
    expect(published).toEqual(['payment.events before', 'payment.events after']);
  });
});

describe('a database of a version still earlier', () => {
  /** As Prisma made it, up to the migration of this number. */
  async function upTo(number: number, finished = true): Promise<string> {
    const url = await emptyDatabase();
    await on(url, async (client) => {
      await client.query(
        'CREATE TABLE _prisma_migrations (migration_name text, finished_at timestamptz, rolled_back_at timestamptz)',
      );
      for (const [at, file] of files.slice(0, number).entries()) {
        await client.query(readFileSync(new URL(file, MIGRATIONS), 'utf8').replaceAll('chassis.', 'public.'));
        await client.query('INSERT INTO _prisma_migrations VALUES ($1, $2)', [
          OF_PRISMA[at],
          finished || at + 1 < number ? new Date() : null,
        ]);
      }
    });
    return url;
  }

  it.each(OF_PRISMA.map((name, at) => [name, at + 1] as const))(
    'which ended with %s, gets the migrations that it does not have, and is as a new one is',
    async (_, number) => {
      const url = await upTo(number);
      expect(await migrate(url)).toEqual(files.slice(number).map((file) => file.replace('.sql', '')));
      expect(await on(url, shape)).toEqual(await freshShape());
    },
  );

  it('is left as it is when Prisma has begun a migration there and not finished it', async () => {
    const url = await upTo(3, false);
    await expect(migrate(url)).rejects.toThrow(
      'by take-over: Prisma began 20261121130010_retention here and did not finish it. Mend what it stumbled over, tell Prisma ' +
        'with `prisma migrate resolve`, and migrate again.',
    );
    const { rows } = await on(url, (client) =>
      client.query(
        `SELECT to_regclass('public.outbox') IS NOT NULL AS stays, to_regnamespace('chassis') IS NULL AS none`,
      ),
    );
    expect(rows).toEqual([{ stays: true, none: true }]);
  });
});
