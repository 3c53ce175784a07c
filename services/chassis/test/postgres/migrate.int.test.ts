import { randomUUID } from 'node:crypto';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { MigrationError, migrate } from '../../src/postgres/migrate.ts';
import type { Sql } from '../../src/rules/database.ts';
import { sqlStore } from '../../src/tables/store.ts';
import { query } from '../../src/testing/database.ts';
import { fromStack } from '../../src/testing/stack.ts';

const OURS = new URL('../../migrations/', import.meta.url);
const files = readdirSync(OURS)
  .filter((name) => /^\d/.test(name))
  .sort();
const names = files.map((file) => file.replace('.sql', ''));

let admin: Client;
let database: string;
let url: string;
let folder: string;
beforeEach(async () => {
  database = `test_migrate_${randomUUID().slice(0, 8)}`;
  admin = new Client(fromStack('TEST_POSTGRES_ADMIN_URL'));
  await admin.connect();
  await admin.query(`CREATE DATABASE ${database}`);
  url = Object.assign(new URL(fromStack('TEST_POSTGRES_ADMIN_URL')), { pathname: `/${database}` }).href;
  folder = mkdtempSync(path.join(tmpdir(), 'migrations-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await admin.query(`DROP DATABASE ${database} WITH (FORCE)`);
  await admin.end();
});

/** The chassis' own migrations, and further ones. */
function withMore(more: Readonly<Record<string, string>>): URL {
  for (const file of files) copyFileSync(new URL(file, OURS), path.join(folder, file));
  for (const [name, sql] of Object.entries(more)) writeFileSync(path.join(folder, name), sql);
  return pathToFileURL(`${folder}/`);
}
const number = (behind: number): string => String(files.length + behind).padStart(6, '0');
const done = async () =>
  (await query<{ name: string }>(url, 'SELECT name FROM chassis.migration ORDER BY number')).map(({ name }) => name);
const exists = async (table: string) => {
  const [row] = await query<{ there: boolean }>(url, `SELECT to_regclass('${table}') IS NOT NULL AS there`);
  return row?.there;
};

describe("the chassis' migrations", () => {
  it('make every table in the schema of the chassis, none in public, and are done once', async () => {
    expect(await migrate(url)).toEqual(names);
    expect(await done()).toEqual(names);
    const schemas = await query(
      url,
      `SELECT DISTINCT schemaname AS name FROM pg_tables WHERE schemaname !~ '^pg_|^information_schema$'`,
    );
    expect(schemas).toEqual([{ name: 'chassis' }]);
    expect(await migrate(url)).toEqual([]);
    expect(await done()).toEqual(names);
  });

  it('are done once, by whichever comes first, when several deployments begin at the same moment', async () => {
    const answers = await Promise.all(Array.from({ length: 4 }, () => migrate(url)));
    expect(answers.map(({ length }) => length).sort()).toEqual([0, 0, 0, names.length]);
    expect(await done()).toEqual(names);
  });

  it('wait for one that another process is in the middle of', async () => {
    const next = withMore({ [`${number(1)}_slow.sql`]: 'SELECT pg_sleep(1); CREATE TABLE chassis.slow ();' });
    const first = migrate(url, next);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect([await migrate(url, next), (await first).length]).toEqual([[], names.length + 1]);
  });

  it('that fail leave nothing of themselves, keep what was done before, and say which one, where and why', async () => {
    const next = withMore({
      [`${number(1)}_good.sql`]: 'CREATE TABLE chassis.good ();',
      [`${number(2)}_bad.sql`]: 'CREATE TABLE chassis.bad (); SELECT broken;',
    });
    const failure = migrate(url, next);
    await expect(failure).rejects.toThrow(MigrationError);
    await expect(failure).rejects.toThrow(
      new RegExp(`database ${database} could not be migrated by ${number(2)}_bad: column "broken" does not exist\\n`),
    );
    expect([await exists('chassis.good'), await exists('chassis.bad')]).toEqual([true, false]);
    expect((await done()).at(-1)).toBe(`${number(1)}_good`);
    writeFileSync(path.join(folder, `${number(2)}_bad.sql`), 'CREATE TABLE chassis.bad ();');
    expect(await migrate(url, next)).toEqual([`${number(2)}_bad`]);
  });

  it('fail when one leaves the schema out of a name, whatever the search path of the role', async () => {
    await admin.query(`ALTER DATABASE ${database} SET search_path = chassis, public`);
    const next = withMore({ [`${number(1)}_loose.sql`]: 'ALTER TABLE outbox ADD COLUMN loose int;' });
    await expect(migrate(url, next)).rejects.toThrow('relation "outbox" does not exist');
  });

  it('refuse a database that a newer version has migrated, and change nothing there', async () => {
    await migrate(url, withMore({ [`${number(1)}_newer.sql`]: 'CREATE TABLE chassis.newer ();' }));
    await expect(migrate(url)).rejects.toThrow(
      `The chassis' tables of the database ${database} are at migration ${names.length + 1}, and this version knows ${names.length}: ` +
        'a newer version has migrated them. Deploy that version or a later one; nothing was changed.',
    );
    expect(await done()).toHaveLength(names.length + 1);
  });

  it('are refused when a number is missing: what is put there later would be skipped in databases that are further', async () => {
    const next = withMore({ [`${number(2)}_gap.sql`]: '' });
    await expect(migrate(url, next)).rejects.toThrow(`${number(2)}_gap.sql is number ${names.length + 1}`);
    expect(await exists('chassis.migration')).toBe(false);
  });
});

describe('a role that does not own the database', () => {
  it('runs a service with what docs/operations.md grants it, and changes no table', async () => {
    const role = `test_shop_${randomUUID().slice(0, 8)}`;
    const page = readFileSync(new URL('../../../../docs/operations.md', import.meta.url), 'utf8');
    const [, grants = ''] = /```sql\n(GRANT USAGE ON SCHEMA chassis[^`]*)```/.exec(page) ?? [];
    await migrate(url);
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      await client.query(`CREATE ROLE ${role}`);
      await client.query(grants.replaceAll('shop', role));
      await client.query(`SET ROLE ${role}`);
      const sql: Sql = {
        $queryRawUnsafe: async <Rows>(text: string, ...values: unknown[]) =>
          (await client.query(text, values)).rows as Rows,
        $executeRawUnsafe: async (text, ...values) => (await client.query(text, values)).rowCount ?? 0,
      };
      const id = '01900000-0000-7000-8000-000000000000';
      const record = { topic: 't', partition: 0, offset: '0', timestampMs: 0, key: null, value: null, headers: {} };
      const task = {
        id,
        kind: 'timer',
        name: 'T',
        key: 'k',
        data: {},
        correlationId: 'k',
        causationId: 'c',
        depth: 1,
        trace: {},
      } as const;
      await sqlStore.schedule(sql, [{ ...task, attempts: 0, delayMs: 0, leased: false }]);
      expect(await sqlStore.claim(sql, 1)).toHaveLength(1);
      await sqlStore.remove(sql, [{ name: 'T', key: 'k' }]);
      expect(await sqlStore.addDeadLetters(sql, [{ id, record, failure: { code: 'C', reason: 'r' } }])).toEqual(
        new Set([id]),
      );
      await sqlStore.publishDeadLetters(sql, 's', [{ record, code: 'C', reason: 'r', attempts: 1, replays: 0 }]);
      await client.query(`SELECT pg_create_logical_replication_slot($1, 'pgoutput')`, [role]);
      await client.query('SELECT pg_drop_replication_slot($1)', [role]);
      await expect(client.query('DROP TABLE chassis.inbox')).rejects.toThrow('must be owner of table inbox');
    } finally {
      await client.query(`RESET ROLE; DROP OWNED BY ${role}; DROP ROLE ${role}`);
      await client.end();
    }
  });
});
