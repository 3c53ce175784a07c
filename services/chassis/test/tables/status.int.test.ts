import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connections } from '../../src/postgres/connections.ts';
import { type WorkConnection, workConnection } from '../../src/postgres/work-connection.ts';
import { lookAtProgress, MOST_LOOKED_THROUGH } from '../../src/tables/progress.ts';
import { lookAtStatus, MOST_COUNTED, MOST_LISTED } from '../../src/tables/status.ts';
import { type ClonedDatabase, cloneDatabase, query, rowsReadBy } from '../../src/testing/database.ts';

// What a poller asks each second, of a database that was planned for while it was empty and is full now.

const ROWS = 60_000;
const SETUP_MS = 60_000;
const SLOT = 'troupe_test_outbox';
/** Its last digits are the largest, so that the next id carries. */
const SAGA = '01900000-0000-7000-8000-00000000ffff';
const OTHER = '01900000-0000-7000-8000-0000000fffff';
const EVENT = '01900000-0000-7000-8000-00000000000a';

let clone: ClonedDatabase;
let work: WorkConnection;

const status = (publishedUpTo: string) =>
  counted((tx) =>
    lookAtStatus(tx, {
      timers: ['Deadline', 'Retry'],
      calls: ['Send', 'Charge'],
      lateMs: 2_000,
      waitingMs: 1_000,
      publishedUpTo,
      slot: SLOT,
    }),
  );
const progress = (publishedUpTo: string | undefined, sagaId = SAGA) =>
  counted((tx) =>
    lookAtProgress(tx, {
      sagaId,
      eventIds: [EVENT, OTHER],
      tasks: ['Deadline', 'Retry', 'Send'],
      topics: { heard: ['a.events', 'b.events'], said: ['c.events'] },
      publishedUpTo,
    }),
  );

type Tx = Parameters<Parameters<WorkConnection['$transaction']>[0]>[0];

function counted<Found>(look: (tx: Tx) => Promise<Found>) {
  return work.$transaction(async (tx) => {
    const { result: found, read } = await rowsReadBy(tx, () => look(tx));
    return { found, read };
  });
}

beforeAll(async () => {
  clone = await cloneDatabase('inventory');
  // Plans go with their connection: it has to outlast the filling of the tables, which takes a while on a busy machine.
  work = workConnection({ ...connections(clone.url, SETUP_MS), idleTimeoutMillis: 0, maxLifetimeSeconds: 0 });
  for (const table of ['task', 'outbox', 'inbox', 'dead_letter', 'relay_aside']) {
    await query(clone.url, `VACUUM ANALYZE chassis.${table}`);
    await query(clone.url, `ALTER TABLE chassis.${table} SET (autovacuum_enabled = off)`);
  }
  // From here on every plan is one for empty tables: statistics that are taken meanwhile would have others made.
  await status('0');
  await progress('0');
  await progress(undefined);
  await query(
    clone.url,
    `INSERT INTO chassis.task (id, kind, name, key, data, due_at, correlation_id, causation_id)
     SELECT gen_random_uuid(), 'timer', CASE n % 2 WHEN 0 THEN 'Deadline' ELSE 'Send' END, gen_random_uuid()::text, '{}',
            now() + interval '1 hour', 'x', 'x' FROM generate_series(1, ${ROWS}) AS n`,
  );
  await query(
    clone.url,
    `INSERT INTO chassis.task (id, kind, name, key, data, due_at, correlation_id, causation_id, attempts, last_error) VALUES
     ('01900000-0000-7000-8000-000000000001', 'call', 'Send', '${SAGA}/first', '{}', now(), '${SAGA}', '${EVENT}', 3, 'ECONNREFUSED'),
     ('01900000-0000-7000-8000-000000000002', 'timer', 'Deadline', '${SAGA}', '{}', now() - interval '1 minute', '${SAGA}', '${EVENT}', 0, NULL),
     ('01900000-0000-7000-8000-000000000004', 'call', 'Charge', '${SAGA}', '{}', now() - interval '3 seconds', '${SAGA}', '${EVENT}', 1, NULL),
     ('01900000-0000-7000-8000-000000000005', 'call', 'Charge', '${OTHER}', '{}', now() + interval '1 minute', '${OTHER}', '${EVENT}', 1, NULL),
     ('01900000-0000-7000-8000-000000000003', 'call', 'Send', '${OTHER}', '{}', now(), '${OTHER}', '${EVENT}', 1, 'timeout')`,
  );
  await query(
    clone.url,
    `INSERT INTO chassis.outbox (id, aggregatetype, aggregateid, type, payload, ce_source, ce_time, ce_correlationid, ce_causationid)
     SELECT gen_random_uuid(), 'c', CASE n WHEN ${ROWS - 5} THEN '${SAGA}' ELSE 'x' END, 'shop.Sold', '\\x00', 's',
            '2026-11-30T00:00:00.000Z', 'x', 'cause' FROM generate_series(1, ${ROWS}) AS n`,
  );
  await query(
    clone.url,
    `INSERT INTO chassis.inbox (event_id, payload_hash, ignored_because)
     SELECT gen_random_uuid(), '\\x00'::bytea, NULL FROM generate_series(1, ${ROWS})
     UNION ALL SELECT '${EVENT}', '\\x00', 'it is over'`,
  );
  await query(
    clone.url,
    `INSERT INTO chassis.dead_letter (id, topic, partition, "offset", key, key_text, value, headers, record_time, status, error_code,
                                      error_message, settled_at)
     SELECT gen_random_uuid(), CASE n % 2 WHEN 0 THEN 'a.events' ELSE 'b.events' END, 0, n, convert_to(key, 'UTF8'), key, '\\x00', '{}',
            now(), CASE WHEN n > ${ROWS - 1_000} THEN 'DEAD' ELSE 'HANDLED' END, 'BROKEN', 'it is',
            CASE WHEN n > ${ROWS - 1_000} THEN NULL ELSE now() END
     FROM (SELECT n, CASE n WHEN ${ROWS} THEN '${SAGA}' ELSE 'key-' || n END AS key FROM generate_series(1, ${ROWS}) AS n) AS made`,
  );
  await query(
    clone.url,
    `INSERT INTO chassis.relay_aside (outbox, position, id, topic, key, key_hash, error_code)
     SELECT 'outbox', n, gen_random_uuid(), 'c.events', 'k', sha256(convert_to(CASE n WHEN 7 THEN '${SAGA}' ELSE 'k' END, 'UTF8')),
            CASE WHEN n IN (1, 7) THEN 'TOO_LARGE' END FROM generate_series(1, 20000) AS n`,
  );
}, SETUP_MS);
afterAll(async () => {
  await work.close();
  await clone.drop();
});

describe('a look at how a service stands', () => {
  it('finds what waits, and reads as many rows as it shows and counts', async () => {
    const { found, read } = await status(String(ROWS - 10));
    expect(found.unanswered).toMatchObject([
      { kind: 'call', name: 'Send', key: `${SAGA}/first`, sagaId: SAGA, attempts: 3, lastError: 'ECONNREFUSED' },
      { sagaId: OTHER },
      { name: 'Charge', sagaId: SAGA, lastError: null },
    ]);
    expect(found.lateTimers).toMatchObject([{ name: 'Deadline', sagaId: SAGA }]);
    expect(found.letters).toHaveLength(MOST_LISTED);
    expect(found.letterCounts).toEqual({ DEAD: 1_000, QUARANTINED: 0, PARKED: 0 });
    expect(found.refused).toMatchObject([{ kind: 'EVENT', code: 'TOO_LARGE' }, { code: 'TOO_LARGE' }]);
    expect(found.waiting).toHaveLength(12);
    expect(found.waiting).toMatchObject([
      { key: 'x', refused: 'TOO_LARGE: ' },
      { key: 'x', refused: 'TOO_LARGE: ' },
      ...Array.from({ length: 10 }, (_, at) => ({ key: at === 4 ? SAGA : 'x', type: 'shop.Sold', refused: null })),
    ]);
    expect(found.outbox).toEqual({ unpublished: 10, oldestAt: new Date('2026-11-30T00:00:00.000Z') });
    expect(found).toMatchObject({
      position: String(ROWS),
      slot: null,
      written: expect.stringMatching(/^[0-9A-F]+\/[0-9A-F]+$/),
    });

    expect(read.task).toBeLessThanOrEqual(10);
    expect(read.outbox).toBeLessThanOrEqual(37);
    expect(read.dead_letter).toBeLessThanOrEqual(1_000 + MOST_LISTED + 10);
    expect(read.relay_aside).toBeLessThanOrEqual(10);
  });

  it('counts no further than it must', async () => {
    const { found, read } = await status('50000');
    expect(found.outbox.unpublished).toBe(MOST_COUNTED);
    expect(found.waiting).toHaveLength(2 + MOST_LISTED);
    expect(read.outbox).toBeLessThanOrEqual(MOST_COUNTED + MOST_LISTED + 10);
  });
});

describe('a look at one saga', () => {
  it('finds what the service knows of it, and reads nothing of others', async () => {
    const { found, read } = await progress(String(ROWS - 10));
    expect(found).toMatchObject({
      received: [{ eventId: EVENT, ignoredBecause: 'it is over' }],
      tasks: [
        { name: 'Deadline', key: SAGA, attempts: 0 },
        { name: 'Send', key: `${SAGA}/first`, causationId: EVENT, attempts: 3 },
      ],
      letters: [{ status: 'DEAD', code: 'BROKEN', key: SAGA, topic: 'a.events' }],
      unpublished: [
        { type: 'shop.Sold', refused: 'TOO_LARGE: ' },
        { type: 'shop.Sold', causationId: 'cause', refused: null },
      ],
    });
    expect(read.task).toBeLessThanOrEqual(5);
    expect(read.inbox).toBeLessThanOrEqual(4);
    expect(read.dead_letter).toBeLessThanOrEqual(3);
    expect(read.relay_aside).toBeLessThanOrEqual(4);
    expect(read.outbox).toBeLessThanOrEqual(15);
  });

  it('looks through the newest rows of the outbox where it is not known what is published', async () => {
    const { found, read } = await progress(undefined);
    expect(found.unpublished.filter(({ refused }) => refused === null)).toHaveLength(1);
    expect(read.outbox).toBeLessThanOrEqual(MOST_LOOKED_THROUGH + 10);
  });

  it('does not take the tasks of a saga whose id begins alike', async () => {
    const { found } = await progress('0', OTHER);
    expect(found.tasks.map(({ key }) => key)).toEqual([OTHER]);
  });
});
