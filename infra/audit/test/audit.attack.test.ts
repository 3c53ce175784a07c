import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { query } from '@troupe/chassis/testing';
import { type ServiceName, serviceNames } from '@troupe/services';
import { audit, type Report } from '../src/audit.ts';
import { checks } from '../src/checks.ts';
import type { Site } from '../src/site.ts';
import { type Business, doBusiness } from './business.ts';
import { type Change, corruptions, undone } from './corruptions.ts';
import { type ScratchSystem, startScratchSystem } from './scratch-system.ts';

let system: ScratchSystem;
let business: Business;
const atRest = { atRest: true, boundMs: 0 };

const foundBy = ({ results }: Report) =>
  Object.fromEntries(results.filter(({ count }) => count > 0).map(({ check, findings }) => [check.name, findings]));

beforeAll(async () => {
  system = await startScratchSystem();
  business = await doBusiness(system.urlOf);
}, 240_000);

afterAll(() => system?.close());

describe('an audit of a system that is well', () => {
  it('finds nothing when all has come to its end', async () => {
    const report = await comeToRest();
    expect(foundBy(report)).toEqual({});
    expect(report.seen).toMatchObject({ orders: 8, openLetters: 0 });
  }, 240_000);

  it('finds nothing while orders are on their way', async () => {
    const { at: before } = await comeToRest();
    // The provider does what it is asked, and payment does not hear of it: no order can end, however long this takes.
    system.wayToProvider.silence();
    const orders = Array.from({ length: 20 }, (_, at) =>
      fetch(`${system.urlOf('order')}/orders`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ items: [{ sku: `SKU-0${10 + at}`, quantity: 1 }], paymentToken: 'tok_ok' }),
      }),
    );
    await Promise.all(orders);
    // All that happened before them is judged, and nothing since.
    const boundMs = Date.now() - before.getTime();
    expect(foundBy(await audit(system.site, { atRest: false, boundMs }))).toEqual({});
    const taken = foundBy(await audit(system.site, atRest));
    expect(taken['liveness.orders-end']).toHaveLength(20);
  }, 240_000);

  it('finds nothing when they have ended as well', async () => {
    system.wayToProvider.speakAgain();
    const report = await comeToRest();
    expect(foundBy(report)).toEqual({});
    expect(report.seen).toMatchObject({ orders: 28, openLetters: 0 });
  }, 240_000);
});

/**
 * An audit of the moment when all that was said is heard, and all that was asked is answered: what it finds is wrong. One
 * of a moment long after, when that does not come.
 */
async function comeToRest(): Promise<Report> {
  const end = Date.now() + 100_000;
  for (;;) {
    const report = await audit(system.site, atRest);
    if (!Object.keys(foundBy(report)).some((name) => ON_ITS_WAY.test(name)) || Date.now() > end) return report;
  }
}

const ON_ITS_WAY = /^(publication|liveness)\./;

describe('an audit finds nothing', () => {
  beforeAll(() => system.stopServices());

  it.each(undone.map((one) => [one.what, one] as const))('in %s', async (_, change) => {
    const { site, close } = await changed(change);
    try {
      expect(foundBy(await audit(site, atRest))).toEqual({});
    } finally {
      await close();
    }
  });
});

describe('an audit finds', () => {
  it.each(corruptions.map((one) => [one.check, one.what, one] as const))('%s: %s', async (check, _, corruption) => {
    const { site, close } = await changed(corruption);
    try {
      const found = foundBy(await audit(site, atRest));
      expect(Object.keys(found)).toContain(check);
      const id = corruption.id(business);
      expect(found[check]).toContainEqual(
        expect.objectContaining({ id: typeof id === 'string' ? id : expect.stringMatching(id) }),
      );
    } finally {
      await close();
    }
  });

  it('every kind of fault that it looks for', () => {
    expect([...new Set(corruptions.map(({ check }) => check))].sort()).toEqual(checks.map(({ name }) => name).sort());
  });
});

/** The system with one thing changed: in a copy of one database, in the books as they are read, or on a topic. */
async function changed({ sql, books, records }: Change): Promise<{ site: Site; close(): Promise<void> }> {
  const closing: (() => Promise<void>)[] = [];
  let { site } = system;
  for (const service of serviceNames) {
    const statements = sql?.[service];
    if (statements === undefined) continue;
    const copy = await copyOf(service);
    closing.push(copy.drop);
    await query(copy.url, statements(business));
    const before = site;
    site = { ...site, databaseUrl: (name) => (name === service ? copy.url : before.databaseUrl(name)) };
  }
  if (books !== undefined) {
    const server = await booksOf(site, (items) => books(items, business));
    closing.push(async () => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    site = { ...site, providerUrl: `${url}/provider`, carrierUrl: `${url}/carrier` };
  }
  if (records !== undefined) await records(system, business);
  return { site, close: async () => void (await Promise.all(closing.map((close) => close()))) };
}

async function copyOf(service: ServiceName): Promise<{ url: string; drop(): Promise<void> }> {
  const url = new URL(system.databases[service].url);
  const from = url.pathname.slice(1);
  const admin = Object.assign(new URL(url), { pathname: '/postgres' }).href;
  await query(admin, `CREATE DATABASE ${from}_corrupt TEMPLATE ${from}`);
  url.pathname = `/${from}_corrupt`;
  return { url: url.href, drop: async () => void (await query(admin, `DROP DATABASE ${from}_corrupt WITH (FORCE)`)) };
}

type Items = Record<string, unknown>[];

/** The real books, read through somebody who changes them. */
async function booksOf({ providerUrl, carrierUrl }: Site, change: (items: Items) => Items): Promise<Server> {
  const server = createServer(async ({ url = '' }, response) => {
    const real = url.replace('/provider', providerUrl).replace('/carrier', carrierUrl);
    const { items } = (await (await fetch(real)).json()) as { items: Items };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ items: change(items), nextCursor: null }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
