import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { Sql } from '../../src/rules/database.ts';
import { findOpen, findReleasable, openDeadLetters } from '../../src/tables/dead-letters/dead-letters.ts';
import { keyHash } from '../../src/tables/dead-letters/key-hash.ts';
import { fromStack } from '../../src/testing/stack.ts';

const MIGRATIONS = new URL('../../migrations/', import.meta.url);
const THIS = '000006_anything_aside.sql';
const name = `test_migration_${randomUUID().slice(0, 8)}`;

let admin: Client;
let client: Client;
let sql: Sql;
beforeEach(async () => {
  admin = new Client(fromStack('TEST_POSTGRES_ADMIN_URL'));
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name}`);
  client = new Client(Object.assign(new URL(fromStack('TEST_POSTGRES_ADMIN_URL')), { pathname: `/${name}` }).href);
  await client.connect();
  await client.query('CREATE SCHEMA chassis');
  sql = {
    $queryRawUnsafe: async <Rows>(text: string, ...values: unknown[]) =>
      (await client.query(text, values)).rows as Rows,
    $executeRawUnsafe: async (text, ...values) => (await client.query(text, values)).rowCount ?? 0,
  };
});
afterEach(async () => {
  await client.end();
  await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
  await admin.end();
});

const migrate = async (which: (file: string) => boolean): Promise<void> => {
  const numbered = readdirSync(MIGRATIONS).filter((file) => /^\d/.test(file));
  for (const file of numbered.sort().filter(which)) {
    await client.query(readFileSync(new URL(file, MIGRATIONS), 'utf8'));
  }
};
/** As a process of the version before writes it, also beside those of this one. */
const before = (offset: number, key: string | null, status: string) =>
  client.query(
    `INSERT INTO chassis.dead_letter (id, topic, partition, "offset", key, key_text, value, headers, record_time, status, error_code)
     VALUES (gen_random_uuid(), 't', 0, $1, convert_to($2, 'UTF8'), $2, 'v', '{"a":"b"}', now(), $3, $4)`,
    [offset, key, status, status === 'DEAD' ? 'X' : null],
  );

describe('the migration for anything that is set aside', () => {
  it('keeps the dead letters that there are, what they hold back, and what processes of the version before still write', async () => {
    await migrate((file) => file < THIS);
    await before(1, 'a', 'DEAD');
    await before(2, 'a', 'PARKED');
    await before(3, null, 'DEAD');
    await client.query(
      `INSERT INTO chassis.dead_letter_outbox (id, aggregatetype, aggregateid, x_original_topic, x_original_partition, x_original_offset,
         x_error_class, x_error_message, x_attempts, x_replays) VALUES (gen_random_uuid(), 's', '', 't', '0', '3', 'X', '', '1', '0')`,
    );
    await migrate((file) => file >= THIS);
    await before(4, 'b', 'DEAD');
    const hashOf = (key: string) => keyHash(Buffer.from(key)) as string;
    const keys = ['a', 'b', 'c'].map((key) => ({ topic: 't', keyHash: hashOf(key) }));
    const open = await openDeadLetters(sql, keys);
    expect(open.map(({ keyHash: hash }) => hash).sort()).toEqual([hashOf('a'), hashOf('a'), hashOf('b')].sort());
    expect(await findReleasable(sql, 10)).toEqual([]);
    const { rows } = await client.query<{ id: string }>('SELECT id::text FROM chassis.dead_letter ORDER BY position');
    const found = await findOpen(
      sql,
      rows.map(({ id }) => id),
    );
    expect(found.map(({ record }) => [record.key?.toString(), record.headers])).toEqual([
      ['a', { a: 'b' }],
      ['a', { a: 'b' }],
      [undefined, { a: 'b' }],
      ['b', { a: 'b' }],
    ]);
    expect(
      (await client.query('SELECT aggregateid, x_truncated, ce_depth FROM chassis.dead_letter_outbox')).rows,
    ).toEqual([{ aggregateid: '', x_truncated: '', ce_depth: '' }]);
  });

  it('looks dead letters up by the index of their key, also with a plan that does not know the values', async () => {
    await migrate(() => true);
    await client.query(
      `INSERT INTO chassis.dead_letter (id, topic, partition, "offset", key, headers, record_time, status)
       SELECT gen_random_uuid(), 't', 0, n, convert_to('key ' || n, 'UTF8'), '{}', now(), 'DEAD' FROM generate_series(1, 5000) AS n`,
    );
    const explained: string[] = [];
    const explaining: Sql = {
      ...sql,
      $queryRawUnsafe: async <Rows>(text: string, ...values: unknown[]) => {
        await client.query(`SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off`);
        await client.query(`PREPARE look AS ${text}`);
        const array = (value: unknown) => `'{${(value as string[]).join()}}'`;
        const { rows } = await client.query<Record<string, string>>(
          `EXPLAIN EXECUTE look(${values.map(array).join()})`,
        );
        explained.push(...rows.map((row) => row['QUERY PLAN'] as string));
        return [] as Rows;
      },
    };
    await openDeadLetters(explaining, [{ topic: 't', keyHash: keyHash(Buffer.from('key 7')) as string }]);
    const plan = explained.join('\n');
    expect(plan).toContain('Index Scan using dead_letter_open_idx');
    expect(plan).toMatch(/Index Cond: \(\(\(topic \|\| [^=]*= [^)]*\) AND \(COALESCE\(/i);
  });
});
