import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { projectHome } from '../../embedded/src/settings.ts';
import { temporaryFolder } from '../../embedded/test/programs.ts';
import { migrateChassis } from '../src/migrations/chassis.ts';
import { migrate } from '../src/migrations/migrate.ts';
import { ensureDatabases, ensureSlot, releaseSlot, withClient } from '../src/postgres/databases.ts';

const adminUrl = process.env.TEST_POSTGRES_ADMIN_URL ?? '';
const place = temporaryFolder();
const first = { name: `test_deploy_${process.pid}_a`, password: 'secret-a', replication: true };
const second = { name: `test_deploy_${process.pid}_b`, password: 'secret-b', replication: false };

const urlOf = ({ name, password }: typeof first, database = name): string =>
  Object.assign(new URL(adminUrl), { username: name, password, pathname: `/${database}` }).href;

const countOf = (url: string, query: string): Promise<number> =>
  withClient(url, async (client) => Number((await client.query(query)).rows[0].count));

beforeAll(() => ensureDatabases(adminUrl, [first, second]));

afterAll(async () => {
  await withClient(adminUrl, async (client) => {
    for (const slot of ['one', 'two']) {
      await client.query(`SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1`, [
        `${first.name}_${slot}`,
      ]);
    }
    for (const { name } of [first, second]) {
      await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await client.query(`DROP ROLE IF EXISTS ${name}`);
    }
  });
  place.remove();
});

describe('the role of a service', () => {
  it('reaches its own database with its own password', async () => {
    expect(await countOf(urlOf(first), 'SELECT count(*) FROM pg_class')).toBeGreaterThan(0);
    await expect(withClient(urlOf({ ...first, password: 'wrong' }), async () => {})).rejects.toMatchObject({
      code: '28P01',
    });
  });

  it("does not reach another service's database, nor PostgreSQL's own", async () => {
    for (const database of [second.name, 'postgres', 'template1']) {
      await expect(withClient(urlOf(first, database), async () => {})).rejects.toThrow();
    }
    const granted = await withClient(adminUrl, (client) =>
      client.query(
        `SELECT has_database_privilege($1, $2, 'CONNECT') AS other, has_database_privilege($1, 'postgres', 'CONNECT') AS own`,
        [first.name, second.name],
      ),
    );
    expect(granted.rows).toEqual([{ other: false, own: false }]);
  });

  it('may replicate only where there is an outbox, and is no superuser', async () => {
    const { rows } = await withClient(adminUrl, (client) =>
      client.query(
        'SELECT rolreplication, rolsuper, rolcreatedb FROM pg_roles WHERE rolname = ANY($1) ORDER BY rolname',
        [[first.name, second.name]],
      ),
    );
    expect(rows).toEqual([
      { rolreplication: true, rolsuper: false, rolcreatedb: false },
      { rolreplication: false, rolsuper: false, rolcreatedb: false },
    ]);
  });

  it('and its database are left as they are by the next deployment', async () => {
    await withClient(urlOf(first), (client) => client.query('CREATE TABLE kept ()'));
    await ensureDatabases(adminUrl, [first, second]);
    expect(await countOf(urlOf(first), `SELECT count(*) FROM pg_class WHERE relname = 'kept'`)).toBe(1);
  });
});

describe('the replication slot of an outbox', () => {
  const slots = (slot: string): Promise<number> =>
    countOf(adminUrl, `SELECT count(*) FROM pg_replication_slots WHERE slot_name = '${slot}' AND plugin = 'pgoutput'`);

  it('is made once, and never again when it is lost', async () => {
    const slot = `${first.name}_one`;
    expect([await ensureSlot(urlOf(first), slot), await slots(slot)]).toEqual([true, 1]);
    expect([await ensureSlot(urlOf(first), slot), await slots(slot)]).toEqual([true, 1]);
    await withClient(adminUrl, (client) => client.query('SELECT pg_drop_replication_slot($1)', [slot]));
    expect([await ensureSlot(urlOf(first), slot), await slots(slot)]).toEqual([false, 0]);
  });

  it('is kept when a start was cut short after it was made', async () => {
    const slot = `${first.name}_two`;
    await withClient(adminUrl, (client) => client.query(`COMMENT ON DATABASE ${first.name} IS NULL`));
    await withClient(urlOf(first), (client) =>
      client.query(`SELECT pg_create_logical_replication_slot($1, 'pgoutput')`, [slot]),
    );
    expect([await ensureSlot(urlOf(first), slot), await slots(slot)]).toEqual([true, 1]);
  });

  it('goes when relays no longer need one, and it is no fault that it is gone already', async () => {
    const slot = `${first.name}_two`;
    await releaseSlot(urlOf(first), slot);
    await releaseSlot(urlOf(first), slot);
    expect(await slots(slot)).toBe(0);
  });
});

describe('migrations', () => {
  const schemaDir = path.join(place.folder, 'schema');

  function migration(name: string, sql: string): void {
    mkdirSync(path.join(schemaDir, 'migrations', name), { recursive: true });
    writeFileSync(path.join(schemaDir, 'migrations', name, 'migration.sql'), sql);
  }

  const run = (): Promise<readonly string[]> => migrate(projectHome, [{ schemaDir, databaseUrl: urlOf(second) }]);

  beforeAll(() => {
    mkdirSync(path.join(schemaDir, 'migrations'), { recursive: true });
    writeFileSync(path.join(schemaDir, 'schema.prisma'), 'datasource db {\n  provider = "postgresql"\n}\n');
    writeFileSync(path.join(schemaDir, 'one.prisma'), 'model One {\n  id Int @id\n}\n');
    writeFileSync(path.join(schemaDir, 'migrations/migration_lock.toml'), 'provider = "postgresql"\n');
  });

  it('are applied as a whole, semicolons in comments, strings and functions included', async () => {
    migration(
      '1_one',
      `-- A comment; with a semicolon.
      CREATE TABLE one (id INT PRIMARY KEY, text TEXT NOT NULL DEFAULT 'a;b');
      CREATE FUNCTION two() RETURNS INT LANGUAGE plpgsql AS $$ BEGIN INSERT INTO one VALUES (2); RETURN 2; END $$;
      SELECT two();`,
    );
    expect(await run()).toEqual(['1_one']);
    const { rows } = await withClient(urlOf(second), (client) => client.query('SELECT * FROM one'));
    expect(rows).toEqual([{ id: 2, text: 'a;b' }]);
  });

  it('are applied once, with the book-keeping of Prisma, and belong to the role', async () => {
    migration('2_two', 'ALTER TABLE one ADD COLUMN more INT;');
    expect(await run()).toEqual(['2_two']);
    expect(await run()).toEqual([]);
    const { rows } = await withClient(urlOf(second), (client) =>
      client.query(`SELECT migration_name, finished_at IS NOT NULL AS finished, rolled_back_at, applied_steps_count
                      FROM _prisma_migrations ORDER BY migration_name`),
    );
    expect(rows).toEqual([
      { migration_name: '1_one', finished: true, rolled_back_at: null, applied_steps_count: 1 },
      { migration_name: '2_two', finished: true, rolled_back_at: null, applied_steps_count: 1 },
    ]);
    const owner = await withClient(adminUrlOf(second.name), (client) =>
      client.query(`SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'`),
    );
    expect(owner.rows).toEqual([{ tableowner: second.name }]);
  });

  it('that fail leave nothing of themselves, and say which one and why', async () => {
    migration('3_three', 'CREATE TABLE three (id INT); SELECT broken;');
    await expect(run()).rejects.toThrow(/could not be migrated by 3_three: .*broken.*\nNothing/);
    expect(await countOf(urlOf(second), `SELECT count(*) FROM pg_class WHERE relname = 'three'`)).toBe(0);
    await expect(run()).rejects.toThrow(/3_three/);
  });
});

describe("the chassis' migrations", () => {
  it('run as the role of the database, which owns what they make', async () => {
    await migrateChassis(projectHome, [urlOf(second)]);
    await migrateChassis(projectHome, [urlOf(second)]);
    const { rows } = await withClient(urlOf(second), (client) =>
      client.query(`SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'chassis'`),
    );
    expect(rows).toEqual([{ tableowner: second.name }]);
  });

  it('say which database they cannot reach, and why, without its password', async () => {
    const failure = migrateChassis(projectHome, [urlOf({ ...second, password: 'wrong' })]).catch(String);
    expect(await failure).toMatch(
      new RegExp(
        `^StartError: The database ${second.name} at 127.0.0.1:\\d+ cannot be reached: password authentication failed`,
      ),
    );
    expect(await failure).not.toContain('wrong');
  });
});

const adminUrlOf = (database: string): string => Object.assign(new URL(adminUrl), { pathname: `/${database}` }).href;
