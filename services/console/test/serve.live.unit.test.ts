import { afterEach, describe, expect, it } from '@jest/globals';
import type { Log, ServerSentEvent } from '@troupe/chassis';
import type { Overview, SagaDetail } from '../src/contract/saga.ts';
import type { MapView, ServicesView } from '../src/contract/services.ts';
import type { RecordView } from '../src/contract/topics.ts';
import { Live, type LiveSources } from '../src/live/live.ts';
import type { SagaSummary } from '../src/saga/input.ts';
import type { RecordRow } from '../src/store/record-row.ts';

const ONE = '01a22ee5-8866-7472-9d22-bff5a3eada1e';
const TWO = '01a22ee5-8866-7472-9d22-bff5a3eada1f';
const log = { debug: () => undefined } as unknown as Log;

/** Something with a clock, and a number that tells one look from another. */
const seen = <View>(n: number): View => ({ now: new Date().toISOString(), n }) as View;

class Sources implements LiveSources {
  looks = { overview: 0, saga: 0, latest: 0 };
  n = 1;
  judgements = new Map<string, string | null>();
  kept: RecordView[] = [];
  overview = async () => {
    this.looks.overview += 1;
    return seen<Overview>(this.n);
  };
  services = async () => seen<ServicesView>(this.n);
  map = async () => seen<MapView>(this.n);
  saga = async () => {
    this.looks.saga += 1;
    return seen<SagaDetail>(this.n);
  };
  latest = async () => {
    this.looks.latest += 1;
    return this.kept;
  };
  *judged() {
    for (const [orderId, cause] of this.judgements) yield { orderId, cause };
  }
}

const row = (offset: number, topic = 'order.events'): RecordRow =>
  ({
    topic,
    partition: 0,
    offset: String(offset),
    publishedAt: 0,
    payload: '{"a":1}',
    headers: '{}',
    broken: null,
  }) as RecordRow;
const summary = (orderId: string) => ({ orderId }) as SagaSummary;

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const leave of opened.splice(0)) await leave();
});

/** A client that takes each event as it comes, but for its beats. */
function watch(live: Live, channels: string, lastEventId?: string) {
  const gone = new AbortController();
  const events = live.open(channels, lastEventId, gone.signal)[Symbol.asyncIterator]();
  // As the server does when its client goes.
  const leave = async () => {
    gone.abort();
    await events.return?.();
  };
  opened.push(leave);
  const next = async (): Promise<ServerSentEvent> => {
    for (;;) {
      const { value, done } = await events.next();
      if (done === true) throw new Error('The stream has ended.');
      if (value.event !== 'beat') return value;
    }
  };
  return { next, leave, gone };
}

/** Fails when the client is told something within the time. */
async function silentFor(ms: number, next: () => Promise<ServerSentEvent>): Promise<void> {
  const said = await Promise.race([next(), new Promise((resolve) => setTimeout(resolve, ms, 'nothing'))]);
  expect(said).toBe('nothing');
}

describe('a live stream', () => {
  it('begins with how things stand, and a beat, and says no more until something is new', async () => {
    const sources = new Sources();
    const client = watch(new Live(sources, log), 'overview,services,map');
    const first = [await client.next(), await client.next(), await client.next()];
    expect(first.map(({ event }) => event).sort()).toEqual(['map', 'overview', 'services']);
    // The clock has gone on, and nothing else.
    await silentFor(1_300, client.next);
    expect(sources.looks.overview).toBeGreaterThan(1);
  });

  it('tells what has changed, at most once a second', async () => {
    const sources = new Sources();
    const client = watch(new Live(sources, log), 'overview');
    await client.next();
    const startedAt = performance.now();
    sources.n = 2;
    expect((await client.next()).data).toMatchObject({ n: 2 });
    sources.n = 3;
    expect((await client.next()).data).toMatchObject({ n: 3 });
    expect(performance.now() - startedAt).toBeGreaterThan(1_000);
  });

  it('looks once for however many tabs, and not at all without one', async () => {
    const sources = new Sources();
    const live = new Live(sources, log);
    const clients = [watch(live, 'overview'), watch(live, 'overview'), watch(live, 'overview')];
    await Promise.all(clients.map(({ next }) => next()));
    expect(sources.looks.overview).toBe(1);
    for (const { leave } of clients) await leave();
    expect(live.streams).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(sources.looks.overview).toBe(1);
  });

  it('tells a saga anew when an event of it was committed, and not when one of another was', async () => {
    const sources = new Sources();
    const live = new Live(sources, log);
    const client = watch(live, `saga:${ONE}`);
    await client.next();
    const looked = sources.looks.saga;
    live.committed({ sagas: [summary(TWO)], records: [] });
    expect(sources.looks.saga).toBe(looked);
    sources.n = 2;
    live.committed({ sagas: [summary(ONE)], records: [] });
    const startedAt = performance.now();
    expect(await client.next()).toMatchObject({ event: `saga:${ONE}`, data: { n: 2 } });
    expect(performance.now() - startedAt).toBeLessThan(400);
  });

  it('names the sagas that have changed, gathered, and says when there are more', async () => {
    const live = new Live(new Sources(), log);
    const client = watch(live, 'changed');
    const first = client.next();
    await new Promise((resolve) => setTimeout(resolve, 20));
    live.committed({ sagas: [summary(ONE)], records: [] });
    expect((await first).data).toEqual({ orderIds: [ONE], more: false });
    const many = Array.from({ length: 900 }, (_, at) => summary(`${at}`));
    live.committed({ sagas: many.slice(0, 400), records: [] });
    live.committed({ sagas: many.slice(300), records: [] });
    const { data } = await client.next();
    expect(data).toMatchObject({ more: true });
    expect((data as { orderIds: string[] }).orderIds).toHaveLength(500);
  });

  it('names a saga that is judged otherwise, though nothing was said of it', async () => {
    const sources = new Sources();
    sources.judgements.set(ONE, null);
    const client = watch(new Live(sources, log), 'changed');
    const next = client.next();
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    sources.judgements.set(ONE, 'CONSUMER_AWAY/inventory/PaymentCompleted');
    expect((await next).data).toEqual({ orderIds: [ONE], more: false });
    // It had ended, and what hung has had its answer: nobody judges it any more.
    const last = client.next();
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    sources.judgements.delete(ONE);
    expect((await last).data).toEqual({ orderIds: [ONE], more: false });
  });

  it.each([
    '',
    'nothing',
    'saga:12',
    'tail:',
    'tail:a b/c',
    Array.from({ length: 17 }, (_, at) => `tail:t${at}`).join(','),
  ])('is refused for the channels %j', (channels) => {
    const live = new Live(new Sources(), log);
    expect(() => live.open(channels, undefined, new AbortController().signal)).toThrow('The query channels takes');
  });

  it('ends when its client goes, wherever it waits', async () => {
    const live = new Live(new Sources(), log);
    const client = watch(live, 'changed');
    const waiting = client.next();
    await new Promise((resolve) => setTimeout(resolve, 20));
    client.gone.abort();
    await expect(waiting).rejects.toThrow('ended');
    expect(live.streams).toBe(0);
  });
});

describe('a tail', () => {
  it('begins with the newest that are kept, oldest first, and goes on with what comes', async () => {
    const sources = new Sources();
    sources.kept = [{ offset: '7' }, { offset: '6' }] as RecordView[];
    const live = new Live(sources, log);
    const client = watch(live, 'tail:order.events+payment.events');
    expect((await client.next()).data).toMatchObject({ records: [{ offset: '6' }, { offset: '7' }], skipped: 0 });
    live.committed({ sagas: [], records: [row(8), row(1, 'inventory.events'), row(9, 'payment.events')] });
    const event = await client.next();
    expect(event.data).toMatchObject({
      records: [
        { offset: '8', payload: { a: 1 } },
        { offset: '9', topic: 'payment.events' },
      ],
      skipped: 0,
    });
  });

  it('is resumed behind the last that was seen, without a gap and without one twice', async () => {
    const sources = new Sources();
    const live = new Live(sources, log);
    const before = watch(live, 'tail:order.events');
    await before.next();
    live.committed({ sagas: [], records: [row(1)] });
    const { id } = await before.next();
    before.gone.abort();
    live.committed({ sagas: [], records: [row(2), row(3)] });
    const after = watch(live, 'tail:order.events', id);
    expect((await after.next()).data).toMatchObject({ records: [{ offset: '2' }, { offset: '3' }], skipped: 0 });
    expect(sources.looks.latest).toBe(1);
  });

  it('begins anew after an id that another process gave', async () => {
    const sources = new Sources();
    sources.kept = [{ offset: '7' }] as RecordView[];
    const client = watch(new Live(sources, log), 'tail:order.events', '00000000.5');
    expect((await client.next()).data).toMatchObject({ records: [{ offset: '7' }] });
  });

  it('leaves out what a slow client has not read, says how many, and keeps nothing for it', async () => {
    const live = new Live(new Sources(), log);
    const client = watch(live, 'tail:order.events');
    await client.next();
    for (let at = 0; at < 30; at += 1) {
      const records = Array.from({ length: 500 }, (_, n) => row(at * 500 + n));
      live.committed({ sagas: [], records });
    }
    const { records, skipped } = (await client.next()).data as { records: RecordView[]; skipped: number };
    expect(records).toHaveLength(200);
    expect(records.at(-1)?.offset).toBe('14999');
    expect(skipped).toBe(14_800);
  });
});
