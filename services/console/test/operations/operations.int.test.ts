import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ClusterLook, startProjection } from '@troupe/chassis';
import { type ClonedDatabase, cloneDatabase, fromStack } from '@troupe/chassis/testing';
import { type Prisma, PrismaClient } from '@troupe/console-database';
import { serviceNames } from '@troupe/services';
import { MapPast } from '../../src/api/map/past.ts';
import { operationRoutes } from '../../src/api/operations.ts';
import { Asking } from '../../src/asking/asking.ts';
import { addressSettings, askedPartners, askedServices } from '../../src/asking/services.ts';
import type { MapView, ServicesView } from '../../src/contract/services.ts';
import type { TopicsView } from '../../src/contract/topics.ts';
import type { ActResult, AttentionView, DeadLetterPage, DeadLettersView, ReplayView } from '../../src/contract/work.ts';
import { map } from '../asking/asked.ts';

// The operators' pages of the console, beside the services, brokers and registry that `npm test` starts. No records are read here.

let clone: ClonedDatabase;
let running: Awaited<ReturnType<typeof startProjection>>;
let asking: Asking;

beforeAll(async () => {
  clone = await cloneDatabase('console');
  const urls = ['provider', 'carrier', 'mailbox', ...serviceNames].map((name) => {
    const variable = `${name.toUpperCase()}_URL`;
    return [variable, fromStack(`TEST_${variable}` as Parameters<typeof fromStack>[0])];
  });
  running = await startProjection<Prisma.TransactionClient, PrismaClient, typeof addressSettings>(
    {
      name: 'console',
      settings: addressSettings,
      topics: [],
      database: (adapter) => new PrismaClient({ adapter }),
      open({ database, config, kafka }) {
        asking = new Asking({
          services: askedServices(config),
          partners: askedPartners(config),
          choreography: map,
          cluster: new ClusterLook(kafka),
          registryUrl: config.registryUrl,
          topicPrefix: config.topicPrefix,
          ownGroup: 'console',
        });
        const open = { judged: () => [], heldUp: () => [], find: () => undefined };
        return {
          project: async () => undefined,
          projectReduced: async () => undefined,
          routes: operationRoutes({
            asking,
            choreography: map,
            sql: database,
            open,
            past: new MapPast(),
            now: Date.now,
          }),
          background: [asking],
        };
      },
    },
    {
      ...Object.fromEntries(urls),
      PORT: '0',
      LOG_LEVEL: 'silent',
      DATABASE_URL: clone.url,
      KAFKA_BROKERS: fromStack('TEST_KAFKA_BROKERS'),
      REGISTRY_URL: fromStack('TEST_REGISTRY_URL'),
    },
  );
  await until(async () => {
    const { services, around } = await get<ServicesView>('/api/services');
    return [...services, ...around].every(({ standing }) => standing === 'ready' || standing === 'not ready');
  });
}, 30_000);
afterAll(async () => {
  await running?.stop();
  await clone?.drop();
});

const address = (path: string): string => `http://127.0.0.1:${running.port}${path}`;
const get = async <Body>(path: string): Promise<Body> => (await (await fetch(address(path))).json()) as Body;
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(address(path), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 100));
}

const order = async (sku: string): Promise<string> => {
  const answer = await fetch(`${fromStack('TEST_ORDER_URL' as Parameters<typeof fromStack>[0])}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ items: [{ sku, quantity: 1 }], paymentToken: 'tok_ok' }),
  });
  return ((await answer.json()) as { orderId: string }).orderId;
};

describe('beside the running system', () => {
  it('every service, the brokers, the registry and the outside are heard', async () => {
    const { services, around, alarm } = await get<ServicesView>('/api/services');
    expect(services.map(({ name }) => name).sort()).toEqual([...serviceNames].sort());
    for (const service of services) {
      expect(service).toMatchObject({
        standing: 'ready',
        relay: { kind: 'logical', state: 'active', position: expect.stringMatching(/^[0-9A-F]+\/[0-9A-F]+$/) },
        instances: [{ endedAt: null }],
      });
      expect(service.memoryBytes).toBeGreaterThan(10_000_000);
      expect(service.lag.every(({ members }) => members > 0)).toBe(true);
    }
    expect(around.filter(({ standing }) => standing === 'away')).toEqual([]);
    expect(alarm).toBeNull();
  });

  it('a service says of an order what it has taken in, what it is doing, and that all is published', async () => {
    const orderId = await order('SKU-001');
    // The first event of a saga has its id.
    await until(async () => {
      const { answers } = await asking.progress(orderId, [orderId]);
      const payment = answers.find(({ service }) => service === 'payment');
      return payment?.received.some(({ eventId }) => eventId === orderId) === true;
    });
    await until(async () => {
      const { answers, gaps } = await asking.progress(orderId, [orderId]);
      const waiting = answers.flatMap(({ work, unpublished, setAside }) => [...work, ...unpublished, ...setAside]);
      return gaps.length === 0 && answers.length === serviceNames.length && waiting.length === 0;
    });
  });

  it('the topics are told with their ends, schemas and readers, and the groups with their members', async () => {
    await until(async () => {
      const { topics } = await get<TopicsView>('/api/topics');
      return topics.some(({ events }) => events.some(({ versions }) => versions.length > 0));
    });
    const { topics, groups } = await get<TopicsView>('/api/topics');
    const events = topics.find(({ name }) => name === 'order.events');
    expect(events).toMatchObject({ kind: 'events', owner: 'order' });
    expect(events?.records).toBeGreaterThan(0);
    expect(events?.events.find(({ name }) => name === 'OrderCreated')).toMatchObject({
      versions: [{ version: 1 }],
      readers: expect.arrayContaining(['payment']),
    });
    const payment = groups.find(({ id }) => id === 'payment');
    expect(payment).toMatchObject({
      state: 'Stable',
      members: [{ partitions: expect.arrayContaining(['order.events/0']) }],
    });
  });

  it('the map is told with its checks, and each of its edges', async () => {
    const { edges, checks, services } = await get<MapView>('/api/map?window=60');
    expect(edges.length).toBeGreaterThan(15);
    expect(checks.every(({ ok }) => ok)).toBe(true);
    expect(services.every(({ lines }) => lines[0] === 'ready')).toBe(true);
    expect(await get('/api/map/edge?event=PaymentCompleted&to=inventory')).toMatchObject({
      edge: { kind: 'there' },
      here: { count: 0 },
      seams: [{ seam: 'outbox' }, { seam: 'broker' }, { seam: 'wait' }, { seam: 'handler' }],
    });
    expect((await fetch(address('/api/map/edge?event=Nothing&to=inventory'))).status).toBe(404);
    const past = await get<MapView>('/api/map?from=2026-11-30T02:00:00Z&until=2026-11-30T02:15:00Z');
    expect(past.edges.every(({ perSecond }) => perSecond === 0)).toBe(true);
  });
});

describe('an operator', () => {
  it('approves an order that waits for it, once, and is told when there is nothing to approve', async () => {
    const orderId = await order('SKU-098');
    const approve = { params: { orderId }, operator: 'ada' };
    const key = { 'idempotency-key': randomUUID() };
    const done = async () => (await (await post('/api/acts/approve', approve, key)).json()) as ActResult;
    await until(async () => (await done()).ok);
    expect(await done()).toMatchObject({ ok: true, sentence: expect.stringContaining('approved') });
    const { items } = await get<{ items: { act: string; operator: string }[] }>(`/api/operator-acts?target=${orderId}`);
    expect(items).toMatchObject([{ act: 'approval.approve', operator: 'ada', service: 'payment' }]);

    const missing = randomUUID();
    const body = { params: { orderId: missing }, operator: 'ada' };
    expect((await (await post('/api/acts/approve', body)).json()) as ActResult).toMatchObject({
      ok: false,
      code: 'PAYMENT_NOT_FOUND',
    });
  });

  it.each([
    ['/api/acts/drop', { params: {}, operator: 'ada' }, 404, 'ACT_UNKNOWN'],
    ['/api/acts/approve', { params: {}, operator: 'ada' }, 400, 'ACT_INCOMPLETE'],
    ['/api/acts/approve', { params: { orderId: '1' } }, 400, 'INVALID_REQUEST'],
  ])('is refused at %s with %j', async (path, body, status, code) => {
    const answer = await post(path, body);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([status, code]);
  });

  it('acts from the console alone, and in JSON', async () => {
    const act = { params: { orderId: randomUUID() }, operator: 'ada' };
    const foreign = await post('/api/acts/approve', act, {
      'sec-fetch-site': 'cross-site',
      origin: 'http://evil.example',
    });
    expect(foreign.status).toBe(403);
    const form = await fetch(address('/api/acts/approve'), { method: 'POST', body: JSON.stringify(act) });
    expect(form.status).toBe(415);
  });

  it('sees what was set aside in any service, and what waits for a person', async () => {
    const { gaps, causes, open } = await get<DeadLettersView>('/api/dead-letters');
    expect(gaps).toEqual([]);
    expect(open).toBe(causes.reduce((sum, { count }) => sum + count, 0));
    expect(await get<DeadLetterPage>('/api/dead-letters/payment?type=OrderCreated&status=HANDLED')).toMatchObject({
      items: expect.any(Array),
    });
    expect((await fetch(address('/api/dead-letters/nobody'))).status).toBe(404);
    expect((await fetch(address(`/api/dead-letters/payment/${randomUUID()}`))).status).toBe(404);
    const attention = await get<AttentionView>('/api/attention');
    expect(attention.gaps).toEqual([]);
    expect(await get('/api/operator-acts?limit=5')).toMatchObject({ gaps: [] });
    expect(await get('/api/replays')).toMatchObject({ items: expect.any(Array) });
  });

  it('rehearses a replay, which is passed on to the service with its filter', async () => {
    const body = { filter: { type: 'OrderCreated', code: 'NOTHING' }, dryRun: true };
    const answer = await post('/api/dead-letters/payment/replays', body);
    expect((await answer.json()) as ReplayView).toMatchObject({
      id: null,
      status: 'DRY RUN',
      total: 0,
      service: 'payment',
    });
    const unsigned = await post('/api/dead-letters/payment/replays', { ...body, dryRun: false });
    expect([unsigned.status, await unsigned.json()]).toMatchObject([422, { errors: [{ field: '/operator' }] }]);
    const refused = await post('/api/dead-letters/payment/replays', { ...body, dryRun: false, operator: 'ada' });
    expect([refused.status, await refused.json()]).toMatchObject([409, { code: 'NOTHING_TO_REPLAY' }]);
  });
});
