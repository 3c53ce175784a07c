import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Overview, TraceView } from '../src/contract/saga.ts';
import type { RecordView } from '../src/contract/topics.ts';
import type { AttentionView, LabView, Placed } from '../src/contract/work.ts';
import { launch } from './browser.ts';
import { Ground } from './faults/ground.ts';
import { sayNotifications } from './notifications.ts';
import { MANY, manySagas } from './paint/many-sagas.ts';
import { median, type Paint, paintOf } from './paint/paints.ts';

const TAIL = 'tail:notification.events';

let ground: Ground;
let url: string;
beforeAll(async () => {
  ground = await Ground.open();
  url = ground.stack.addresses.consoleUrl;
}, 240_000);
afterAll(() => ground?.close());

const get = async <T>(path: string): Promise<T> => (await fetch(url + path)).json() as Promise<T>;
const post = (path: string, body: object, headers: Record<string, string> = {}) =>
  fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const tell = async (story: string, body: object = {}): Promise<readonly string[]> =>
  ((await (await post(`/api/stories/${story}`, body)).json()) as Placed).orderIds;
const turn = async (id: string, on: boolean) => (await (await post(`/api/lab/${id}`, { on })).json()) as LabView;
const isOn = ({ switches }: LabView): readonly string[] => switches.filter(({ on }) => on).map(({ id }) => id);

async function until<T>(what: string, look: () => Promise<T | undefined>, withinMs = 30_000): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() > end) throw new Error(`It did not come to this within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const sagaWhen = (orderId: string, holds: (saga: NonNullable<Awaited<ReturnType<Ground['saga']>>>) => boolean) =>
  until('the saga as expected', async () => {
    const saga = await ground.saga(orderId);
    return saga !== undefined && holds(saga) ? saga : undefined;
  });

/** The first event of a channel that holds; the stream is left then. */
async function heard<T>(channels: string, name: string, holds: (data: T) => boolean, lastEventId = ''): Promise<T> {
  const gone = new AbortController();
  const query = new URLSearchParams({ channels, ...(lastEventId === '' ? {} : { lastEventId }) });
  const answer = await fetch(`${url}/api/live?${query}`, { signal: gone.signal });
  try {
    let text = '';
    for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) {
        const [, channel] = /^event: (.*)$/m.exec(event) ?? [];
        const data = JSON.parse(/^data: (.*)$/m.exec(event)?.[1] ?? 'null');
        if (channel === name && holds(data)) return data;
      }
    }
  } finally {
    gone.abort();
  }
  throw new Error('The stream has ended.');
}

describe('an accepted order', () => {
  it('links its page, and that page is served', async () => {
    const { links } = (await ground.post('order', '/orders', {
      items: [{ sku: 'SKU-001', quantity: 1 }],
      paymentToken: 'tok_ok',
    })) as { links: { console: string } };
    const page = await fetch(links.console);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  });

  it('has its trace, with who handled each event, without any setting', async () => {
    const [orderId = ''] = await tell('happy');
    await sagaWhen(orderId, ({ outcome }) => outcome === 'confirmed');
    const trace = await until('spans of every service', async () => {
      const view = await get<TraceView>(`/api/sagas/${orderId}/trace`);
      return new Set(view.spans.map(({ service }) => service)).size === 5 ? view : undefined;
    });
    expect(trace.traceId).toMatch(/^[0-9a-f]{32}$/);
    const handled = trace.spans.filter(({ kind }) => kind === 'consumer');
    expect(new Set(handled.map(({ service }) => service))).toEqual(
      new Set(['order', 'payment', 'inventory', 'shipping', 'notification']),
    );
    const saga = await sagaWhen(orderId, ({ readings }) => readings.some(({ seams }) => seams.handlerMs !== null));
    expect(saga.links.jaeger).toBeNull();
  });
});

describe('the stories', () => {
  it.each([
    ['happy', 'confirmed', false],
    ['declined', 'cancelled', false],
    ['out-of-stock', 'cancelled', true],
    ['carrier-refuses', 'cancelled', false],
  ])('%s ends %s, with the trail that it promised', async (id, outcome, orchestrated) => {
    const stories = await get<{ id: string; there: unknown; back: unknown }[]>('/api/stories');
    const story = stories.find((known) => known.id === id);
    const [orderId = ''] = await tell(id, { orchestrated });
    await sagaWhen(orderId, (saga) => saga.outcome === outcome);
    const row = await until('the whole trail', async () => {
      const { items } = await get<{ items: { there: unknown; back: unknown; state: string }[] }>(
        `/api/sagas?q=${orderId}`,
      );
      return items[0]?.state === 'done' ? items[0] : undefined;
    });
    if (!orchestrated) expect({ there: row.there, back: row.back }).toEqual({ there: story?.there, back: story?.back });
  });

  it('place as many orders as they are asked for, and the same ones for the same key', async () => {
    const key = { 'idempotency-key': 'many-1' };
    const first = ((await (await post('/api/stories/happy', { count: 25 }, key)).json()) as Placed).orderIds;
    const again = ((await (await post('/api/stories/happy', { count: 25 }, key)).json()) as Placed).orderIds;
    expect(new Set(first).size).toBe(25);
    expect(new Set(again)).toEqual(new Set(first));
    expect((await post('/api/stories/happy', { count: 201 })).status).toBe(422);
    expect((await post('/api/stories/nothing', {})).status).toBe(404);
  });
});

describe('the live stream', () => {
  it('tells a saga while it moves, and resumes a tail', async () => {
    const [orderId = ''] = await tell('approval');
    const ended = heard<{ outcome: string | null }>(
      `saga:${orderId}`,
      `saga:${orderId}`,
      (saga) => saga.outcome !== null,
    );
    await sagaWhen(orderId, ({ state }) => state === 'attention');
    await ground.post('payment', `/payments/${orderId}/approval`, { decision: 'approve' });
    expect((await ended).outcome).toBe('confirmed');
    const tail = await heard<{ records: RecordView[] }>('tail:order.events', 'tail:order.events', () => true);
    expect(tail.records.some(({ sagaId }) => sagaId === orderId)).toBe(true);
  });

  it('is less than two seconds behind while a thousand events come in a second', async () => {
    const ages: number[] = [];
    let perSecond = 0;
    const load = sayNotifications(ground.stack.addresses, { perSecond: 1_000, seconds: 12 });
    const until = Date.now() + 12_000;
    const tail = heard<{ records: RecordView[] }>(TAIL, TAIL, ({ records }) => {
      // Without those of the first second, in which it is warmed up.
      for (const { at } of records) if (Date.now() > until - 11_000) ages.push(Date.now() - Date.parse(at));
      return Date.now() > until;
    });
    const overview = heard<Overview>('overview', 'overview', ({ reading }) => {
      perSecond = Math.max(perSecond, reading.perSecond);
      return Date.now() > until;
    });
    await Promise.all([load, tail, overview]);
    const p99 = ages.toSorted((a, b) => a - b)[Math.floor(ages.length * 0.99)] ?? Number.POSITIVE_INFINITY;
    console.info(
      `Live: ${perSecond.toFixed(0)} records/s; a record reaches the page after ${p99} ms (p99 of ${ages.length}).`,
    );
    expect(perSecond).toBeGreaterThan(900);
    expect(p99).toBeLessThan(2_000);
  }, 60_000);
});

describe('the lab', () => {
  it('has every switch off after a start', async () => {
    const lab = await get<LabView>('/api/lab');
    expect([lab.available, isOn(lab)]).toEqual([true, []]);
  });

  it('stops a service and keeps it stopped, says so under Attention, and starts it again', async () => {
    const before = ground.stack.child('inventory').pid;
    expect(isOn(await turn('stop-inventory', true))).toEqual(['stop-inventory']);
    expect(ground.stack.child('inventory').pid).toBeUndefined();
    const [orderId = ''] = await tell('happy');
    await sagaWhen(orderId, ({ steps }) => steps.some(({ event }) => event === 'PaymentCompleted'));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(ground.stack.child('inventory').pid).toBeUndefined();
    const attention = await get<AttentionView>('/api/attention');
    expect(attention.groups.find(({ kind }) => kind === 'lab')?.items[0]?.service).toBe('inventory');
    expect(attention.acts.some(({ act, target }) => act === 'switched on' && target === 'inventory')).toBe(true);
    await turn('stop-inventory', false);
    await sagaWhen(orderId, ({ outcome }) => outcome === 'confirmed');
    expect(ground.stack.child('inventory').pid).not.toBe(before);
  }, 60_000);

  it("holds order's relay until it is let go; nothing is lost", async () => {
    await turn('relay-order', true);
    const [orderId = ''] = await tell('happy');
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    const { items } = await get<{ items: RecordView[] }>(`/api/records?topic=order.events&key=${orderId}`);
    expect(items).toEqual([]);
    await turn('all', false);
    await sagaWhen(orderId, ({ outcome }) => outcome === 'confirmed');
    expect(isOn(await get<LabView>('/api/lab'))).toEqual([]);
  }, 60_000);

  it('makes the carrier slow, and quick again', async () => {
    await turn('carrier-slow', true);
    const startedAt = Date.now();
    const [orderId = ''] = await tell('happy');
    await sagaWhen(orderId, ({ outcome }) => outcome === 'confirmed');
    expect(Date.now() - startedAt).toBeGreaterThan(2_000);
    await turn('carrier-slow', false);
  }, 60_000);

  it('sends a poison message, which is a dead letter, and an event twice, which changes nothing', async () => {
    const { sentence } = (await (await post('/api/lab/poison', {})).json()) as { sentence: string };
    const [, key = ''] = /key ([0-9a-f-]{36})/.exec(sentence) ?? [];
    await until('a dead letter', async () => {
      const { items } = await get<{ items: RecordView[] }>(`/api/records?topic=payment.dlq&key=${key}`);
      return items[0];
    });
    expect((await post('/api/lab/twice', {})).status).toBe(200);
  }, 60_000);

  it('does nothing for a page of another site, nor by another name of this machine', async () => {
    const foreign = await post('/api/lab/stop-order', { on: true }, { origin: 'http://evil.example' });
    expect(foreign.status).toBe(403);
    expect(isOn(await get<LabView>('/api/lab'))).toEqual([]);
    expect(ground.stack.child('order').pid).toBeDefined();
  });
});

describe('the start page with a hundred thousand sagas in the store', () => {
  it('paints within a second, and has its list within two', async () => {
    await manySagas(ground.databaseUrl('console'));
    await ground.stack.child('console').restart();
    await until('the open sagas are judged', async () => {
      const { causes } = await get<Overview>('/api/overview');
      return causes.reduce((sum, { count }) => sum + count, 0) >= MANY.open || undefined;
    });
    const browser = await launch();
    const paints: Paint[] = [];
    try {
      for (let time = 0; time < 5; time += 1) paints.push(await paintOf(browser, `${url}/`));
    } finally {
      await browser.close();
    }
    const [first, row] = [paints.map((paint) => paint.first), paints.map((paint) => paint.row)];
    const shown = (all: readonly number[]) => all.map((ms) => ms.toFixed(0)).join(', ');
    console.info(`First paint after ${shown(first)} ms; first row after ${shown(row)} ms.`);
    expect(median(first)).toBeLessThan(1_000);
    expect(median(row)).toBeLessThan(2_000);
  }, 300_000);
});
