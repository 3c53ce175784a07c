import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startProjection } from '@troupe/chassis';
import { type ClonedDatabase, cloneDatabase, fromStack, query } from '@troupe/chassis/testing';
import { consoleService } from '../src/console.ts';
import { type RebuildWatcher, rebuildConsole } from '../src/rebuild.ts';
import { sagasInRows } from './reading/rows.ts';
import { shownRows } from './reading/shown-rows.ts';
import { type OwnTopics, ownTopics } from './reading/topics-of-rows.ts';

/** Dead letters, records that were published twice, undecodable bytes and orchestrated sagas are among them. */
const AN_HOUR_AGO = { from: Date.now() - 3_600_000 };
const FIRST = sagasInRows(120, 4, AN_HOUR_AGO);
const LATER = sagasInRows(160, 4, AN_HOUR_AGO).filter(({ sagaId }) => !FIRST.some((row) => row.sagaId === sagaId));

let topics: OwnTopics;
let cloned: ClonedDatabase;
let live: Awaited<ReturnType<typeof startProjection>>;
let env: Readonly<Record<string, string>>;
beforeAll(async () => {
  topics = await ownTopics();
  cloned = await cloneDatabase('console');
  env = {
    PORT: '0',
    DATABASE_URL: cloned.url,
    KAFKA_BROKERS: fromStack('TEST_KAFKA_BROKERS'),
    REGISTRY_URL: fromStack('TEST_REGISTRY_URL'),
    TOPIC_PREFIX: topics.prefix,
    LOG_LEVEL: 'silent',
    // As old as they are, nothing is removed.
    RECORD_RETENTION_MS: 'unlimited',
  };
  live = await startProjection(consoleService, env);
  await topics.write(FIRST);
  await until(async () => (await count('record')) === FIRST.length);
});
afterAll(async () => {
  await live?.stop();
  await topics?.close();
  await cloned?.drop();
});

const quiet: RebuildWatcher = {
  signal: new AbortController().signal,
  progress: () => undefined,
  waiting: () => undefined,
};

async function count(table: string): Promise<number> {
  const [row] = await query<{ count: number }>(cloned.url, `SELECT count(*)::int AS count FROM ${table}`);
  return row?.count ?? 0;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; !(await holds()); await new Promise((resolve) => setTimeout(resolve, 50))) {
    if (Date.now() > end) throw new Error('It did not come to hold within 30 s.');
  }
}

const everything = () => shownRows(cloned.url);

const form = () =>
  query(
    cloned.url,
    `SELECT indexname, replace(indexdef, schemaname || '.', '') AS def FROM pg_indexes WHERE tablename IN ('record', 'saga')
     UNION ALL SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid IN ('record'::regclass, 'saga'::regclass)
     UNION ALL SELECT relname, reloptions::text FROM pg_class WHERE oid IN ('record'::regclass, 'saga'::regclass) ORDER BY 1, 2`,
  );

describe('a rebuild from the topics', () => {
  it('has faults of each kind to tell', async () => {
    const rows = await everything();
    expect(rows.filter((row) => row.includes('"broken_code": "NOT_CONFLUENT_AVRO"')).length).toBeGreaterThan(0);
    expect(rows.filter((row) => row.includes('.dlq"')).length).toBeGreaterThan(0);
    expect(
      rows.filter((row) => row.startsWith('saga') && row.includes('"style": "orchestrated"')).length,
    ).toBeGreaterThan(0);
    expect(FIRST.length - new Set(FIRST.map(({ topic, eventId }) => `${topic} ${eventId}`)).size).toBeGreaterThan(0);
  });

  it('comes to the rows of the one that was there, in tables of the same form, and sends nothing anywhere', async () => {
    const [rows, tables, elsewhere] = [
      await everything(),
      await form(),
      await topics.everything(`${topics.prefix}console`),
    ];
    const { records } = await rebuildConsole(env, quiet);
    expect(records).toBe(BigInt(FIRST.length));
    expect(await everything()).toEqual(rows);
    expect(await form()).toEqual(tables);
    expect(await topics.everything(`${topics.prefix}console`)).toEqual(elsewhere);
  });

  it('repairs what was changed by hand', async () => {
    const rows = await everything();
    await query(
      cloned.url,
      `UPDATE saga SET outcome = 'cancelled', summary = '{}'; DELETE FROM record WHERE partition = 0`,
    );
    await rebuildConsole(env, quiet);
    expect(await everything()).toEqual(rows);
  });

  it('leaves everything as it was when it is stopped, or was killed, and can be run again', async () => {
    const rows = await everything();
    const stop = new AbortController();
    const stopped = rebuildConsole(env, {
      ...quiet,
      signal: stop.signal,
      progress: () => stop.abort(new Error('stopped')),
    });
    await expect(stopped).rejects.toThrow();
    expect(await everything()).toEqual(rows);
    // What a kill leaves: tables that are half full, and a claim that nobody renews.
    await query(cloned.url, 'CREATE SCHEMA rebuild; CREATE TABLE rebuild.record (nonsense int)');
    await query(
      cloned.url,
      `UPDATE projection SET rebuild_started_at = now(), rebuild_seen_at = now() - interval '9 s', rebuild_done = 1, rebuild_of = 2`,
    );
    await rebuildConsole(env, quiet);
    expect(await everything()).toEqual(rows);
    const left = await query(cloned.url, "SELECT 1 FROM pg_namespace WHERE nspname = 'rebuild'");
    expect(left).toEqual([]);
  });

  it('goes on beside the console, which reads on: neither loses what the other has read', async () => {
    const writing = topics.write(LATER);
    await rebuildConsole(env, quiet);
    await writing;
    await until(async () => (await count('record')) === FIRST.length + LATER.length);
    const rows = await everything();
    await rebuildConsole(env, quiet);
    expect(await everything()).toEqual(rows);
  });

  it('refuses to be two', async () => {
    const first = rebuildConsole(env, quiet);
    await until(async () => (await query(cloned.url, 'SELECT 1 FROM projection WHERE rebuild_of > 0')).length > 0);
    await expect(rebuildConsole(env, quiet)).rejects.toThrow('A rebuild is under way');
    await first;
  });
});
