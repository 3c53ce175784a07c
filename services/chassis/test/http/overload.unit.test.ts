import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { HttpLimits } from '../../src/configuration/http-limits.ts';
import { post } from '../../src/http/route.ts';
import type { CommandBus } from '../../src/incoming/commands.ts';
import type { Command } from '../../src/rules/messages.ts';
import { get, openShop, Place, problemOf, type Shop, shopRoutes, stream, until } from './shop.ts';

let shop: Shop;
afterEach(() => shop?.close());

const order = { items: [{ sku: 'A', quantity: 1 }] };

/** A database that commits when it is told to. */
function slow() {
  const waiting: (() => void)[] = [];
  const taken: Command[] = [];
  const execute: CommandBus<string>['execute'] = async (command, answer) => {
    taken.push(command);
    await new Promise<void>((resolve) => waiting.push(resolve));
    return answer({ kind: 'decided', state: 'placed' });
  };
  return { taken, execute, commit: () => waiting.splice(0).forEach((go) => void go()) };
}

async function slowShop(limits: Partial<HttpLimits>) {
  const database = slow();
  shop = await openShop({ commands: { execute: database.execute }, limits });
  return database;
}

async function measured(metric: string): Promise<number> {
  const text = await (await shop.fetch('/metrics')).text();
  const line = text.split('\n').find((each) => each.startsWith(`${metric} `));
  return Number(line?.slice(metric.length));
}

describe('a burst of requests that change something', () => {
  it('has so many waiting, and no more: the others are told at once when to come back', async () => {
    const { taken, commit } = await slowShop({ commandsAtOnce: 3 });
    let sentAway = 0;
    const answers = Array.from({ length: 20 }, async () => {
      const answer = await shop.post('/orders', order);
      if (answer.status === 503) sentAway += 1;
      return answer;
    });
    await until(() => sentAway === 17);
    commit();
    const all = await Promise.all(answers);
    expect(all.filter(({ status }) => status === 202)).toHaveLength(3);
    expect(taken).toHaveLength(3);
    for (const answer of all.filter(({ status }) => status === 503)) {
      expect(answer.headers.get('retry-after')).toMatch(/^[1-5]$/);
      expect(await problemOf(answer)).toMatchObject({
        code: 'OVERLOADED',
        type: 'urn:troupe:problem:overloaded',
        detail: 'Nothing of this request was done. Send it again after as many seconds as the header Retry-After says.',
      });
    }
  });

  it('leaves every place free for those who come back', async () => {
    const { commit } = await slowShop({ commandsAtOnce: 2 });
    for (let round = 1; round <= 3; round += 1) {
      const answers = [1, 2].map(() => shop.post('/orders', order));
      await until(async () => (await shop.post('/orders', order)).status === 503);
      commit();
      expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([202, 202]);
    }
  });

  it('finds no place either while what a command needs is still being read', async () => {
    let read = (): void => undefined;
    const prices = new Promise<void>((resolve) => {
      read = resolve;
    });
    const quote = post<string>()('/quotes', {
      summary: 'Reads prices first.',
      body: z.strictObject({}),
      response: z.object({}),
      command: async () => {
        await prices;
        return Place({ items: [], paymentToken: '', customerId: 'ada' });
      },
      answer: () => ({ status: 202, body: {} }),
    });
    shop = await openShop({ routes: [quote], limits: { commandsAtOnce: 1 } });
    const first = shop.post('/quotes', {});
    await until(async () => (await shop.post('/quotes', {})).status === 503);
    read();
    expect((await first).status).toBe(202);
  });

  it('shows in metrics, and in the log once a second', async () => {
    const { commit } = await slowShop({ commandsAtOnce: 1 });
    const before = await measured('troupe_requests_sent_away_total{kind="commands"}');
    const first = shop.post('/orders', order);
    await until(async () => (await measured('troupe_requests_held{kind="commands"}')) === 1);
    for (let sent = 1; sent <= 5; sent += 1) await shop.post('/orders', order);
    expect(await measured('troupe_requests_limit{kind="commands"}')).toBe(1);
    expect(await measured('troupe_requests_sent_away_total{kind="commands"}')).toBe(before + 5);
    expect(shop.logged().filter(({ code }) => code === 'OVERLOADED').length).toBeLessThanOrEqual(2);
    commit();
    await first;
    await until(async () => (await measured('troupe_requests_held{kind="commands"}')) === 0);
  });
});

describe('a client that does not wait for its answer', () => {
  it('keeps its place until its command has ended, also when it was told that it takes too long', async () => {
    const { commit } = await slowShop({ commandsAtOnce: 1, commandMs: 20 });
    expect(await problemOf(await shop.post('/orders', order))).toMatchObject({ code: 'NO_ANSWER_IN_TIME' });
    expect(await problemOf(await shop.post('/orders', order))).toMatchObject({ code: 'OVERLOADED' });
    commit();
    await until(async () => (await problemOf(await shop.post('/orders', order))).code === 'NO_ANSWER_IN_TIME');
    commit();
  });

  it('is known to be gone, so that its command need not begin', async () => {
    const { taken, commit } = await slowShop({ commandsAtOnce: 1 });
    const hangingUp = new AbortController();
    const headers = { 'content-type': 'application/json' };
    const request = { method: 'POST', headers, body: JSON.stringify(order), signal: hangingUp.signal };
    const gone = shop.fetch('/orders', request).catch((error: Error) => error.name);
    await until(() => taken.length === 1);
    expect(taken[0]?.isAbandoned?.()).toBe(false);
    hangingUp.abort();
    expect(await gone).toBe('AbortError');
    await until(() => taken[0]?.isAbandoned?.() === true);
    commit();
  });
});

describe('requests that only read', () => {
  it('have places of their own, those who wait for news among them; health has no need of one', async () => {
    const news = stream('/news', {
      summary: 'Never any.',
      async *handle({ signal }) {
        yield { event: 'hello', data: {} };
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
    });
    const read = get('/read', {
      summary: 'Reads.',
      response: z.object({}),
      handle: async () => ({ status: 200, body: {} }),
    });
    shop = await openShop({ routes: [news, read, ...shopRoutes], limits: { readsAtOnce: 1 } });
    const hangingUp = new AbortController();
    await shop.fetch('/news', { signal: hangingUp.signal });
    expect(await problemOf(await shop.fetch('/read'))).toMatchObject({ status: 503, code: 'OVERLOADED' });
    expect((await shop.post('/orders', order)).status).toBe(202);
    expect((await shop.fetch('/livez')).status).toBe(200);
    hangingUp.abort();
    await until(async () => (await shop.fetch('/read')).status === 200);
  });
});
