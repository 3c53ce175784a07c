import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { pino } from 'pino';
import { pruneStep } from '../../src/retention/prune-step.ts';
import { Pruner } from '../../src/retention/pruner.ts';
import { prunings } from '../../src/retention/prunings.ts';
import type { Sql } from '../../src/rules/database.ts';
import { type ClonedDatabase, cloneDatabase } from '../../src/testing/database.ts';
import { sqlOf } from '../postgres/sql-of.ts';
import { eventually } from '../testing/eventually.ts';

const HOUR_MS = 3_600_000;
const retention = {
  inboxRetentionMs: 10 * HOUR_MS,
  deadLetterRetentionMs: 20 * HOUR_MS,
  idempotencyKeyRetentionMs: 30 * HOUR_MS,
};
const log = pino({ level: 'silent' });

let clone: ClonedDatabase;
let database: Sql;
let clients: pg.Client[];
let pruners: Pruner[];
beforeEach(async () => {
  clone = await cloneDatabase('inventory');
  clients = [];
  database = sqlOf(await connect());
  pruners = [];
});
afterEach(async () => {
  await Promise.all(pruners.map((pruner) => pruner.stop()));
  await Promise.all(clients.map((client) => client.end()));
  await clone.drop();
});

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: clone.url });
  await client.connect();
  clients.push(client);
  return client;
}

function startPruner(mayForget = (_table: string) => true): Pruner {
  const pruner = new Pruner({ database, prunings: prunings(retention), mayForget, log });
  pruners.push(pruner);
  pruner.start();
  return pruner;
}

const hoursAgo = (hours: number): string => `now() - interval '${hours} hours'`;
const received = (count: number, at: string): string =>
  `INSERT INTO chassis.inbox (event_id, payload_hash, received_at) SELECT gen_random_uuid(), '', ${at} FROM generate_series(1, ${count})`;
const kept = (name: string, at: string): string =>
  `INSERT INTO chassis.idempotency_key (scope, key, request_hash, status, headers, body, created_at)
   VALUES ('scope', '${name}', '', 202, '{}', '{}', ${at})`;
const deadLetter = (status: string, at: string, settled: string | undefined): string =>
  `INSERT INTO chassis.dead_letter (id, topic, partition, "offset", headers, record_time, status, received_at, settled_at)
   VALUES (gen_random_uuid(), 't', 0, (SELECT count(*) FROM chassis.dead_letter), '{}', ${at}, '${status}', ${at}, ${settled ?? 'NULL'})`;
const replay = (items: number, finished: string | undefined): string =>
  `WITH replay AS (
     INSERT INTO chassis.dead_letter_replay (id, created_by, filter, rate_per_second, created_at, finished_at)
     VALUES (gen_random_uuid(), 'op', '{}', 100, ${hoursAgo(1_000)}, ${finished ?? 'NULL'}) RETURNING id)
   INSERT INTO chassis.dead_letter_replay_item (replay_id, letter_id)
   SELECT id, gen_random_uuid() FROM replay, generate_series(1, ${items})`;

async function count(sql: pg.Client, from: string): Promise<number> {
  const { rows } = await sql.query<{ count: number }>(`SELECT count(*)::int FROM chassis.${from}`);
  return rows[0]?.count ?? 0;
}

describe('what is pruned', () => {
  it('is what is older than its retention, and nothing that is younger', async () => {
    const sql = await connect();
    await sql.query(received(2_500, hoursAgo(10.1)));
    await sql.query(received(3, hoursAgo(9.9)));
    await sql.query(kept('old', hoursAgo(30.1)));
    await sql.query(kept('young', hoursAgo(29.9)));
    for (const status of ['HANDLED', 'DISCARDED']) {
      await sql.query(deadLetter(status, hoursAgo(1_000), hoursAgo(20.1)));
      await sql.query(deadLetter(status, hoursAgo(1_000), hoursAgo(19.9)));
    }
    await sql.query(replay(1_500, hoursAgo(20.1)));
    await sql.query(replay(4, hoursAgo(19.9)));
    await sql.query(replay(5, undefined));
    startPruner();
    await eventually(async () => (await count(sql, 'dead_letter_replay')) === 2, 'the last of the tables is pruned');
    expect(await count(sql, 'inbox')).toBe(3);
    expect(await count(sql, `idempotency_key WHERE key = 'young'`)).toBe(1);
    expect(await count(sql, 'idempotency_key')).toBe(1);
    expect(await count(sql, 'dead_letter')).toBe(2);
    expect(await count(sql, 'dead_letter_replay_item')).toBe(9);
  });

  it('is never a dead letter that is open, nor what an operator did, however old', async () => {
    const sql = await connect();
    for (const status of ['DEAD', 'PARKED', 'QUARANTINED'])
      await sql.query(deadLetter(status, hoursAgo(9_000), undefined));
    await sql.query(
      `INSERT INTO chassis.operator_act (id, at, operator, act, target, detail)
       VALUES (gen_random_uuid(), ${hoursAgo(90_000)}, 'op', 'act', 'target', '{}')`,
    );
    await sql.query(received(1, hoursAgo(11)));
    await sql.query(replay(0, hoursAgo(21)));
    startPruner();
    await eventually(async () => (await count(sql, 'dead_letter_replay')) === 0, 'a whole pass is over');
    expect(await count(sql, 'inbox')).toBe(0);
    expect(await count(sql, 'dead_letter')).toBe(3);
    expect(await count(sql, 'operator_act')).toBe(1);
  });

  it('is nothing of the inbox while ids must not be forgotten', async () => {
    const sql = await connect();
    await sql.query(received(1, hoursAgo(11)));
    await sql.query(kept('old', hoursAgo(31)));
    startPruner((table) => table !== 'inbox');
    await eventually(async () => (await count(sql, 'idempotency_key')) === 0, 'what may be pruned is pruned');
    expect(await count(sql, 'inbox')).toBe(1);
  });

  it('is nothing of a table whose rows are kept without limit', () => {
    const tables = prunings({ ...retention, inboxRetentionMs: Infinity }).map(({ table }) => table);
    expect(tables).not.toContain('inbox');
    expect(tables).toContain('idempotency_key');
  });
});

describe('a step', () => {
  const [inbox] = prunings(retention);
  if (inbox === undefined) throw new Error('there is no inbox');

  it('finds the old rows by their index, also in a table that was never analysed', async () => {
    const sql = await connect();
    await sql.query(received(1_000, hoursAgo(11)));
    await sql.query(received(20_000, hoursAgo(1)));
    expect(await pruneStep(database, inbox, 1_000)).toEqual({ mine: true, pruned: 1_000 });
    expect(await pruneStep(database, inbox, 1_000)).toEqual({ mine: true, pruned: 0 });
    await database.$queryRawUnsafe('SELECT pg_stat_force_next_flush()');
    const [scans] = await database.$queryRawUnsafe<[{ whole: number; indexed: number }]>(
      `SELECT pg_stat_get_numscans('chassis.inbox'::regclass)::int AS whole,
              pg_stat_get_numscans('chassis.inbox_received_at_idx'::regclass)::int AS indexed`,
    );
    expect(scans).toEqual({ whole: 0, indexed: 2 });
  });

  it('is not taken by two processes at once, and is taken over when the other is gone', async () => {
    const sql = await connect();
    await sql.query(received(3_000, hoursAgo(11)));
    const other = await connect();
    await other.query('BEGIN');
    expect(await pruneStep(sqlOf(other), inbox, 1_000)).toEqual({ mine: true, pruned: 1_000 });
    expect(await pruneStep(database, inbox, 1_000)).toEqual({ mine: false, pruned: 0 });
    await other.end();
    clients = clients.filter((client) => client !== other);
    await eventually(async () => (await pruneStep(database, inbox, 1_000)).mine, 'its turn comes');
    expect(await count(sql, 'inbox')).toBe(2_000);
  });

  it('leaves rows alone that somebody holds, and does not wait for them', async () => {
    const sql = await connect();
    await sql.query(received(10, hoursAgo(11)));
    await sql.query(
      `BEGIN; UPDATE chassis.inbox SET ignored_because = 'held' WHERE event_id IN (SELECT event_id FROM chassis.inbox LIMIT 4)`,
    );
    expect(await pruneStep(database, inbox, 1_000)).toEqual({ mine: true, pruned: 6 });
    await sql.query('ROLLBACK');
    expect(await pruneStep(database, inbox, 1_000)).toEqual({ mine: true, pruned: 4 });
  });
});

describe('a pruner', () => {
  it('is stopped at once, whatever is left to prune', async () => {
    const sql = await connect();
    await sql.query(received(200_000, hoursAgo(11)));
    const pruner = startPruner();
    await eventually(async () => (await count(sql, 'inbox')) < 200_000, 'it has begun');
    await pruner.stop();
    const left = await count(sql, 'inbox');
    expect(left).toBeGreaterThan(0);
    await sleep(200);
    expect(await count(sql, 'inbox')).toBe(left);
  });
});
