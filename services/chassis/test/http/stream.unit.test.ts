import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { formatted } from '../../src/http/answer/sse.ts';
import type { ServerSentEvent } from '../../src/http/route.ts';
import { noSuchOrder, openShop, problemOf, type Shop, stream, until } from './shop.ts';

let shop: Shop;
afterEach(() => shop.close());

type Source = (signal: AbortSignal, lastEventId: string | undefined) => AsyncIterable<ServerSentEvent>;
async function openStream(source: Source, heartbeatMs = 15_000): Promise<void> {
  const route = stream('/events', {
    summary: 'Events.',
    handle: ({ signal }, lastEventId) => source(signal, lastEventId),
  });
  shop = await openShop({ routes: [route], limits: { heartbeatMs, graceMs: 2_000 } });
}

/** Reads until the text holds what is waited for. */
async function readUntil(answer: Response, wanted: string): Promise<string> {
  let text = '';
  const reader = answer.body?.getReader();
  while (reader !== undefined && !text.includes(wanted)) {
    const { done, value } = await reader.read();
    if (done) break;
    text += new TextDecoder().decode(value);
  }
  await reader?.cancel();
  return text;
}

describe('a stream of events', () => {
  it('sends each event as it comes, and ends with its source', async () => {
    await openStream(async function* () {
      yield { id: '1', event: 'OrderCreated', data: { total: 5, note: 'a\nb' } };
      yield { event: 'OrderConfirmed', data: null };
    });
    const answer = await shop.fetch('/events');
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.text()).toBe(
      'id: 1\nevent: OrderCreated\ndata: {"total":5,"note":"a\\nb"}\n\nevent: OrderConfirmed\ndata: null\n\n',
    );
  });

  it('resumes behind the Last-Event-ID; one that cannot be an id of any stream starts it from the beginning', async () => {
    await openStream(async function* (_signal, last) {
      yield { event: 'resumed', data: last ?? 'from the start' };
    });
    expect(await (await shop.fetch('/events')).text()).toContain('"from the start"');
    expect(await (await shop.fetch('/events', { headers: { 'last-event-id': '41' } })).text()).toContain('"41"');
    for (const odd of ['', '4 1', 'é', 'x'.repeat(256)]) {
      const answer = await shop.fetch('/events', { headers: { 'last-event-id': odd } });
      expect(await answer.text()).toContain('"from the start"');
    }
  });

  it('answers 404 when its source knows no such order', async () => {
    // biome-ignore lint/correctness/useYield: it fails before its first event
    await openStream(async function* () {
      throw noSuchOrder('1');
    });
    expect(await problemOf(await shop.fetch('/events'))).toMatchObject({ status: 404, code: 'ORDER_NOT_FOUND' });
  });

  it('answers HEAD as GET: 404 for what is not there, else the same headers, and leaves its source', async () => {
    let left = false;
    await openStream(async function* (_signal, last) {
      if (last === 'none') throw noSuchOrder('1');
      try {
        yield { event: 'first', data: 1 };
        await new Promise(() => undefined);
      } finally {
        left = true;
      }
    });
    const head = (id: string) => shop.fetch('/events', { method: 'HEAD', headers: { 'last-event-id': id } });
    const none = await head('none');
    expect([none.status, none.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
    const some = await head('1');
    expect([some.status, some.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    expect(some.headers.get('x-accel-buffering')).toBe('no');
    expect(await some.text()).toBe('');
    await until(() => left);
  });

  it('answers HEAD also before its first event, as it answers GET', async () => {
    await openStream(async function* (signal) {
      await new Promise((_, reject) => signal.addEventListener('abort', reject));
    });
    expect((await shop.fetch('/events', { method: 'HEAD' })).status).toBe(200);
  });

  it('tells a later failure as an event, without internals, and ends', async () => {
    await openStream(async function* () {
      yield { event: 'first', data: 1 };
      throw new Error('column secret_42 is missing');
    });
    const text = await (await shop.fetch('/events')).text();
    expect(text).toContain('event: problem\ndata: {"type":"urn:troupe:problem:internal-error"');
    expect(text).not.toContain('secret_42');
    expect(shop.logged().at(-1)).toMatchObject({ msg: 'a stream of events failed' });
  });

  it('sends comments while nothing happens', async () => {
    await openStream(async function* (signal) {
      yield { event: 'first', data: 1 };
      await sleep(60_000, undefined, { signal }).catch(() => undefined);
    }, 20);
    expect(await readUntil(await shop.fetch('/events'), ': still here\n\n')).toContain('event: first');
  });

  it('ends its source when the client leaves, even if that does not listen', async () => {
    let ended = false;
    await openStream(async function* () {
      try {
        for (;;) {
          yield { event: 'tick', data: 1 };
          await sleep(1);
        }
      } finally {
        ended = true;
      }
    });
    await readUntil(await shop.fetch('/events'), 'tick');
    await until(() => ended);
  });

  it('ends when the service stops, even if its source does not listen', async () => {
    await openStream(async function* () {
      yield { event: 'first', data: 1 };
      await new Promise(() => undefined);
    });
    const answer = await shop.fetch('/events');
    const startedAt = Date.now();
    const [text] = await Promise.all([answer.text(), shop.close()]);
    expect(text).toContain('first');
    expect(Date.now() - startedAt).toBeLessThan(1_500);
  });

  it('produces no faster than the client reads', async () => {
    let produced = 0;
    const block = 'x'.repeat(64 * 1024);
    await openStream(async function* () {
      for (; produced < 4_000; produced += 1) yield { event: 'block', data: block };
    });
    const socket = connect(shop.port, '127.0.0.1');
    socket.pause();
    socket.write('GET /events HTTP/1.1\r\nHost: x\r\n\r\n');
    let before = -1;
    await until(async () => {
      if (produced > 0 && produced === before) return true;
      before = produced;
      await sleep(100);
      return false;
    });
    expect(produced).toBeLessThan(1_000);
    socket.destroy();
  });

  it('refuses an event that would break out of its frame', () => {
    expect(() => formatted({ event: 'a\ndata: b', data: 1 })).toThrow('line break');
    expect(() => formatted({ id: '1\n', event: 'a', data: 1 })).toThrow('line break');
  });
});
