import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Log, Sql } from '@troupe/chassis';
import { type ClonedDatabase, cloneWithClient, query } from '@troupe/chassis/testing';
import { PrismaClient } from '@troupe/console-database';
import { spansOf } from '../src/tracing/otlp.ts';
import { SpanWriter } from '../src/tracing/span-writer.ts';
import { Tracing } from '../src/tracing/tracing.ts';
import { exported, SAGA, sent } from './spans.ts';

const OTHER = '01a22ee5-8866-7472-9d22-bff5a3eada1f';
const log = { warn: () => undefined } as unknown as Log;

let clone: ClonedDatabase & { readonly database: PrismaClient };
beforeAll(async () => {
  clone = await cloneWithClient('console', (adapter) => new PrismaClient({ adapter }));
});
afterAll(() => clone.drop());

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  await query(clone.url, 'TRUNCATE span');
});

/** Resolves with the sagas of the next batch that was written. */
function writer(settings: Partial<{ database: Sql; retentionMs: number; kept: number }> = {}) {
  let tell: (sagas: ReadonlySet<string>) => void = () => undefined;
  const made = new SpanWriter({
    database: clone.database,
    retentionMs: 3_600_000,
    kept: 1_000,
    log,
    onWritten: (sagas) => tell(sagas),
    ...settings,
  });
  stops.push(() => made.stop());
  const next = () =>
    new Promise<ReadonlySet<string>>((resolve) => {
      tell = resolve;
    });
  return { made, next };
}

const id = (at: number): string => at.toString(16).padStart(16, '0');
/** Young ones: a half is full by its age as well. */
const NOW_US = Date.now() * 1_000;
const some = (count: number, from = 1) =>
  spansOf(
    exported(
      Array.from({ length: count }, (_, at) =>
        sent({ spanId: id(from + at), outcome: 'applied', fromUs: NOW_US, afterUs: from + at }),
      ),
    ),
  ).spans;
const count = async (): Promise<readonly number[]> =>
  (
    await query<{ n: number }>(
      clone.url,
      `SELECT count(*)::int AS n FROM span_0 UNION ALL SELECT count(*)::int FROM span_1`,
    )
  ).map(({ n }) => n);

describe('the spans of the console', () => {
  it('are kept once, however often they are sent, and tell their sagas', async () => {
    const { made, next } = writer();
    for (const _time of [1, 2]) {
      const told = next();
      made.push(some(3));
      expect(await told).toEqual(new Set([SAGA]));
    }
    expect((await count()).toSorted()).toEqual([0, 3]);
  });

  it('stay within their number: the older half is emptied when the newer is full', async () => {
    const { made, next } = writer({ kept: 200 });
    const totals: number[] = [];
    for (let at = 0; at < 8; at += 1) {
      const told = next();
      made.push(some(60, 1 + at * 60));
      await told;
      totals.push((await count()).reduce((sum, n) => sum + n, 0));
    }
    // Each half ends with the batch that fills it.
    expect(totals).toEqual([60, 120, 180, 240, 180, 240, 180, 240]);
  });

  it('go on in the half that was written last, after a restart', async () => {
    const first = writer({ kept: 100 });
    for (const from of [1, 61]) {
      const told = first.next();
      first.made.push(some(60, from));
      await told;
    }
    const before = await count();
    await first.made.stop();
    const second = writer({ kept: 1_000 });
    const told = second.next();
    second.made.push(some(10, 200));
    await told;
    expect([before, await count()]).toEqual([
      [60, 60],
      [60, 70],
    ]);
  });

  it('are dropped and counted when the database is slower, and nobody waits', async () => {
    let answer: () => void = () => undefined;
    const slow: Sql = {
      $queryRawUnsafe: (text, ...values) => clone.database.$queryRawUnsafe(text, ...values),
      $executeRawUnsafe: async (text, ...values) => {
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
        return clone.database.$executeRawUnsafe(text, ...values);
      },
    };
    const { made } = writer({ database: slow });
    expect(made.push(some(15_000))).toBe(0);
    expect(made.push(some(15_000, 20_000))).toBe(10_000);
    expect(made.droppedAt).toBeDefined();
    const stopped = made.stop();
    answer();
    await stopped;
  });

  it('are written when the database is back', async () => {
    let failures = 0;
    const broken: Sql = {
      $queryRawUnsafe: (text, ...values) => clone.database.$queryRawUnsafe(text, ...values),
      $executeRawUnsafe: (text, ...values) => {
        failures += 1;
        return failures === 1
          ? Promise.reject(new Error('the database is away'))
          : clone.database.$executeRawUnsafe(text, ...values);
      },
    };
    const { made, next } = writer({ database: broken });
    const told = next();
    made.push(some(5));
    await told;
    expect((await count()).toSorted()).toEqual([0, 5]);
  });

  it('show the traces of one saga whole, and nothing of another in the same trace', async () => {
    const tracing = new Tracing({ database: clone.database, retentionMs: 3_600_000, kept: 1_000, log });
    stops.push(() => tracing.stop());
    const { made, next } = writer();
    const around = { ...sent({ spanId: id(1) }), attributes: [], kind: 2, name: 'POST /orders' };
    const shared = {
      ...sent({ spanId: id(9), traceId: 'a'.repeat(32) }),
      attributes: [],
      kind: 1,
      name: 'unit of work',
    };
    const told = next();
    const theirs = sent({ spanId: id(3), saga: OTHER, outcome: 'applied' });
    made.push(
      spansOf(exported([around, sent({ spanId: id(2), outcome: 'applied', afterUs: 10 }), theirs, shared])).spans,
    );
    await told;
    const { spans, traceId, note } = await tracing.traceOf(SAGA, null);
    expect(spans.map(({ id: spanId, name }) => [spanId, name])).toEqual([
      [id(1), 'POST /orders'],
      [id(2), 'process order.events'],
    ]);
    expect([traceId, note]).toEqual(['0af7651916cd43dd8448eb211c80319c', '']);
    expect(await tracing.messagesOf(OTHER)).toMatchObject({
      handled: [{ service: 'payment', eventId: 'e-1', outcome: 'applied' }],
      sent: [],
    });
    // What many sagas shared leads to none of them.
    expect((await count()).toSorted()).toEqual([0, 3]);
  });
});
