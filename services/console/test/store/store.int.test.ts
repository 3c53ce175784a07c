import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Log } from '@troupe/chassis';
import { type ClonedDatabase, cloneWithClient, connections, query, workConnection } from '@troupe/chassis/testing';
import { theChoreography } from '@troupe/choreography';
import { PrismaClient } from '@troupe/console-database';
import { Retention } from '../../src/reading/retention.ts';
import type { SagaSummary } from '../../src/saga/input.ts';
import { countEnded, type EndedPlace, endedSagas } from '../../src/store/ended-sagas.ts';
import { matches } from '../../src/store/open-filter.ts';
import { findRecords, type RecordOrder } from '../../src/store/records.ts';
import { type SagaFilter, soughtBy } from '../../src/store/saga-filter.ts';
import { fill } from '../reading/fill.ts';
import { sagasInRows } from '../reading/rows.ts';

const FROM = Date.parse('2026-11-30T12:00:00.000Z');
const ROWS = sagasInRows(300, 9, { from: FROM, everyMs: 1_000 });
const log = { info: () => undefined, warn: () => undefined } as unknown as Log;

let cloned: ClonedDatabase & { readonly database: PrismaClient };
let summaries: readonly SagaSummary[];
beforeAll(async () => {
  cloned = await cloneWithClient('console', (adapter) => new PrismaClient({ adapter }));
  const transactions = workConnection(connections(cloned.url));
  await fill(transactions, await theChoreography(), ROWS);
  await transactions.close();
  const rows = await query<{ summary: SagaSummary }>(cloned.url, 'SELECT summary FROM saga');
  summaries = rows.map(({ summary }) => summary);
});
afterAll(() => cloned?.drop());

const ended = () => summaries.filter(({ open }) => !open);
const judged = (summary: SagaSummary) => ({ state: 'done', causeKey: null, since: Date.parse(summary.since) });

describe('the list of ended sagas', () => {
  const one = (): SagaSummary => ended()[17] as SagaSummary;
  const filters: readonly (readonly [what: string, filter: () => Promise<SagaFilter> | SagaFilter])[] = [
    ['nothing', () => ({})],
    ['a style', () => ({ style: 'orchestrated' })],
    ['an outcome', () => ({ outcome: 'cancelled' })],
    ['its age', () => ({ since: FROM + 100_000 })],
    ['how long it stands there', () => ({ older: FROM + 200_000 })],
    ['a total', () => ({ total: { from: 2_000, to: 90_000 } })],
    ['a product', () => ({ sku: one().items[0]?.sku })],
    ['a customer', () => ({ customer: one().customerId ?? '' })],
    [
      'all of these',
      () => ({ style: 'choreographed', outcome: 'confirmed', since: FROM, total: { from: 0, to: 100_000 } }),
    ],
    [
      'ids',
      () => ({
        ids: ended()
          .slice(3, 9)
          .map(({ orderId }) => orderId),
      }),
    ],
    ['a state', () => ({ state: ['stuck'] })],
    ...['the beginning', 'the end', 'the whole', 'the customer', 'a product', 'the trace', 'half of the customer'].map(
      (what) =>
        [
          `a text that is ${what}`,
          async () => {
            const { orderId, customerId, items, traceId } = one();
            const texts: Readonly<Record<string, string>> = {
              'the beginning': orderId.slice(0, 13),
              'the end': orderId.slice(-6),
              'the whole': orderId,
              'the customer': customerId ?? '',
              'a product': items[0]?.sku ?? '',
              'the trace': traceId ?? '',
              'half of the customer': customerId?.slice(0, 3) ?? '',
            };
            return { q: await soughtBy(texts[what] ?? '', async () => undefined) };
          },
        ] as const,
    ),
  ];

  it.each(filters)('by %s has what the same filter finds among open ones in memory', async (_what, make) => {
    const filter = await make();
    const wanted = ended()
      .filter((summary) => matches(summary, judged(summary), filter))
      .map(({ orderId }) => orderId);
    const found = await endedSagas(cloned.database, filter, { after: undefined, limit: 1_000 });
    expect(found.map(({ orderId }) => orderId).sort()).toEqual([...wanted].sort());
    expect(await countEnded(cloned.database, filter, 1_000)).toBe(wanted.length);
    if (filter.state === undefined) expect(wanted.length).toBeGreaterThan(0);
  });

  it('comes newest first, page by page, each row once', async () => {
    const seen: EndedPlace[] = [];
    for (let after: EndedPlace | undefined; ; after = seen.at(-1)) {
      const page = await endedSagas(cloned.database, {}, { after, limit: 40 });
      if (page.length === 0) break;
      seen.push(...page);
    }
    expect(new Set(seen.map(({ orderId }) => orderId)).size).toBe(ended().length);
    expect(seen.map(({ endedAt }) => endedAt)).toEqual(seen.map(({ endedAt }) => endedAt).toSorted((a, b) => b - a));
  });
});

describe('the records of the topics', () => {
  const all = async (filter: Parameters<typeof findRecords>[1], limit = 100) => {
    const found: string[] = [];
    let after: RecordOrder | undefined;
    do {
      const page = await findRecords(cloned.database, filter, { after, limit });
      found.push(...page.records.map(({ topic, partition, offset }) => `${topic} ${partition} ${offset}`));
      after = page.next;
    } while (after !== undefined);
    return found;
  };
  const places = (rows: typeof ROWS) =>
    rows.map(({ topic, partition, offset }) => `${topic} ${partition} ${offset}`).sort();

  it('come newest first, each once, whatever the size of a page', async () => {
    const found = await all({}, 37);
    expect([...found].sort()).toEqual(places(ROWS));
  });

  it.each([
    [
      'topics',
      { topics: ['inventory.dlq', 'order.events'] },
      (row: (typeof ROWS)[number]) => ['inventory.dlq', 'order.events'].includes(row.topic),
    ],
    ['a type', { type: 'PaymentRefunded' }, (row: (typeof ROWS)[number]) => row.type === 'PaymentRefunded'],
    ['a partition', { partition: 3 }, (row: (typeof ROWS)[number]) => row.partition === 3],
    ['a key', { key: ROWS[40]?.key ?? '' }, (row: (typeof ROWS)[number]) => row.key === ROWS[40]?.key],
    [
      'a header',
      { header: { name: 'ce_id', value: ROWS[40]?.eventId ?? '' } },
      (row: (typeof ROWS)[number]) => row.eventId === ROWS[40]?.eventId,
    ],
    [
      'its content',
      { q: 'sandbox parcel' },
      (row: (typeof ROWS)[number]) => row.payload?.includes('Sandbox Parcel') ?? false,
    ],
    ['a trace', { q: ROWS[40]?.traceId ?? '' }, (row: (typeof ROWS)[number]) => row.traceId === ROWS[40]?.traceId],
    [
      'its time',
      { from: FROM + 60_000, until: FROM + 90_000 },
      (row: (typeof ROWS)[number]) => row.publishedAt >= FROM + 60_000 && row.publishedAt < FROM + 90_000,
    ],
  ])('are found by %s', async (_what, filter, isWanted) => {
    const wanted = ROWS.filter(isWanted);
    expect(wanted.length).toBeGreaterThan(0);
    expect((await all(filter)).sort()).toEqual(places(wanted));
  });
});

describe('retention', () => {
  const counts = async () => {
    const [row] = await query<{ open: number; ended: number; strays: number; records: number }>(
      cloned.url,
      `SELECT (SELECT count(*)::int FROM saga WHERE open) AS open, (SELECT count(*)::int FROM saga WHERE NOT open) AS ended,
              (SELECT count(*)::int FROM record WHERE NOT EXISTS (SELECT FROM saga WHERE order_id = saga_id)) AS strays,
              (SELECT count(*)::int FROM record) AS records`,
    );
    return row as NonNullable<typeof row>;
  };
  const pass = (ageMs: number, bytes: number) =>
    new Retention({ sql: cloned.database, ageMs, bytes, log, now: () => FROM + 300_000 }).pass();

  it('leaves what is young and small, and then removes the oldest that are over: never an open one, never half of one', async () => {
    const before = await counts();
    await pass(Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER);
    expect(await counts()).toEqual(before);

    await pass(200_000, Number.MAX_SAFE_INTEGER);
    const young = await counts();
    expect(young.open).toBe(before.open);
    expect(young.ended).toBeGreaterThan(0);
    expect(young.ended).toBeLessThan(before.ended);
    expect(young.strays).toBe(0);
    const old = await query(
      cloned.url,
      `SELECT 1 FROM saga WHERE NOT open AND ended_at < '${new Date(FROM + 100_000).toISOString()}'`,
    );
    expect(old).toEqual([]);

    await pass(Number.POSITIVE_INFINITY, 1_000);
    const small = await counts();
    expect(small).toMatchObject({ open: before.open, ended: 0, strays: 0 });
    expect(small.records).toBeGreaterThan(0);
  });
});
