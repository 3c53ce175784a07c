import { afterEach, describe, expect, it } from '@jest/globals';
import { databaseLook } from '../../src/operations/status/database-look.ts';
import type { MessagingStatus } from '../../src/operations/status/messaging-status.ts';
import type { StatusSources } from '../../src/operations/status/sources.ts';
import { statusRoutes } from '../../src/operations/status/status-routes.ts';
import { PublishedPosition } from '../../src/outbox/published-position.ts';
import { Readiness } from '../../src/process/readiness.ts';
import type { Sql } from '../../src/rules/database.ts';
import { openShop, type Shop } from '../http/shop.ts';

const ID = '01900000-0000-7000-8000-00000000000a';
const SINCE = new Date('2026-11-30T02:13:04.000Z');

/** What the one statement of a look finds in a database with nothing to tell. */
const NOTHING = {
  unanswered: [],
  lateTimers: [],
  letters: [],
  letterCounts: { DEAD: 0, QUARANTINED: 0, PARKED: 0 },
  refused: [],
  waiting: [],
  behindPublished: 0,
  aside: 0,
  oldest: null,
  position: '7',
  slot: { confirmed: '0/20', active: true, retainedBytes: 100 },
  written: '0/20',
};

let shop: Shop;
afterEach(() => shop.close());

interface Told {
  readonly query?: (text: string, values: readonly unknown[]) => Promise<unknown[]>;
  readonly relay?: ReturnType<MessagingStatus['relay']>;
  readonly readiness?: Readiness;
}

async function status(told: Told = {}) {
  const statements: (readonly unknown[])[] = [];
  const query = told.query ?? (async () => [NOTHING]);
  const database = {
    $queryRawUnsafe: (text: string, ...values: unknown[]) => {
      statements.push(values);
      return query(text, values);
    },
  } as unknown as Sql;
  const event = { kind: 'event', messageName: 'Booked', topic: 'trips.events' };
  const messaging: MessagingStatus = {
    groupId: 'test.flights',
    topics: ['test.trips.events'],
    topicPrefix: 'test.',
    slot: 'troupe_flights_outbox',
    published: new PublishedPosition(),
    relay: () => told.relay ?? { kind: 'logical', standing: { state: 'active', reason: '', since: SINCE } },
    consumer: () => ({ state: 'held back', since: SINCE, reason: 'The topic is compacted.' }),
  };
  const table = {
    service: 'flights',
    sagaField: 'tripId',
    reactions: [
      { hears: event, emits: [{ topic: 'flights.events' }] },
      { hears: { kind: 'timer', messageName: 'HoldIsOver' }, emits: [] },
      { hears: { kind: 'call', messageName: 'BookSeat' }, emits: [] },
    ],
  } as unknown as StatusSources['table'];
  const circuits = [
    { name: 'BookSeat', state: 'open' as const, since: SINCE, nextTryAt: SINCE, lastError: 'no', p50Ms: 4 },
  ];
  const readiness = told.readiness ?? new Readiness();
  const sources = { version: '1.2.3', table, database, readiness, calls: { circuits }, messaging };
  shop = await openShop({
    routes: statusRoutes(sources),
  });
  const read = async (path: string) => {
    const answer = await shop.fetch(path);
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  return { read, statements, messaging, sources };
}

describe('how a service stands', () => {
  it('is told in one answer: who it is, what does not work and since when, and what it waits for', async () => {
    const readiness = new Readiness();
    readiness.notOk('kafka', 'It is away.');
    readiness.notOk('kafka', 'It is still away.');
    const { read } = await status({ readiness });
    const { status: code, body } = await read('/status');
    expect(code).toBe(200);
    expect(body).toMatchObject({
      service: 'flights',
      version: '1.2.3',
      sagaField: 'tripId',
      instance: { id: expect.stringMatching(/:\d+$/), pid: process.pid },
      ready: false,
      reasons: [{ part: 'kafka', reason: 'It is still away.', since: expect.stringMatching(/Z$/) }],
      consumer: {
        group: 'test.flights',
        state: 'held back',
        since: SINCE.toISOString(),
        reason: 'The topic is compacted.',
      },
      relay: { kind: 'logical', state: 'active', reason: null, position: '0/20', isRead: true, retainedBytes: 100 },
      circuits: [{ name: 'BookSeat', state: 'open', nextTryAt: SINCE.toISOString(), p50Ms: 4 }],
      stored: { outbox: { unpublished: 0, isKnown: false, refused: [] }, letterCounts: { DEAD: 0 } },
      process: { memoryBytes: expect.any(Number), eventLoopMs: expect.any(Number) },
    });
  });

  it('is looked for twice a second at most, however many ask', async () => {
    const { sources, statements } = await status();
    const look = databaseLook(sources);
    await Promise.all(Array.from({ length: 20 }, look));
    await look();
    expect(statements).toEqual([
      ['9223372036854775807', ['HoldIsOver'], 2_000, 'troupe_flights_outbox', ['BookSeat'], 1_000],
    ]);
    await new Promise((resolve) => setTimeout(resolve, 550));
    await look();
    expect(statements).toHaveLength(2);
  });

  it('knows how far the outbox is published once the slot has confirmed what was seen', async () => {
    const { read, messaging } = await status();
    expect((await read('/status')).body).toMatchObject({ stored: { outbox: { isKnown: false } } });
    expect(messaging.published.upTo).toBe('7');
    await new Promise((resolve) => setTimeout(resolve, 550));
    expect((await read('/status')).body).toMatchObject({ stored: { outbox: { isKnown: true } } });
  });

  it('counts every row of an outbox that is polled: what is published has no row', async () => {
    const { read, statements } = await status({ relay: { kind: 'polling', standing: undefined } });
    expect((await read('/status')).body).toMatchObject({
      stored: { outbox: { isKnown: true } },
      relay: { state: 'starting' },
    });
    expect(statements[0]?.[0]).toBe('0');
  });

  it('is told without what is stored while the database does not answer, and no second look is begun', async () => {
    const { read, statements } = await status({ query: () => new Promise(() => undefined) });
    const [first, second] = await Promise.all([read('/status'), read('/status')]);
    expect([first.body.stored, second.body.stored, first.body.service]).toEqual([null, null, 'flights']);
    expect(statements).toHaveLength(1);
  });

  it('is told without what is stored when the database refuses', async () => {
    const { read } = await status({ query: () => Promise.reject(new Error('connect ECONNREFUSED')) });
    expect((await read('/status')).body).toMatchObject({ stored: null, service: 'flights' });
  });
});

describe('how far a saga has come', () => {
  const none = { received: [], tasks: [], letters: [], aside: [], behind: [] };

  it('is asked for with what the table hears and says', async () => {
    const { read, statements } = await status({ query: async () => [none] });
    expect(await read(`/progress/${ID.toUpperCase()}?events=${ID},${ID}`)).toMatchObject({
      status: 200,
      body: { service: 'flights', received: [], tasks: [], letters: [], unpublished: [] },
    });
    expect(statements).toEqual([
      [
        ID,
        [ID, ID],
        ['HoldIsOver', 'BookSeat'],
        '01900000-0000-7000-8000-00000000000b',
        ['test.trips.events'],
        expect.stringMatching(/^[0-9a-f]{64}$/),
        ['test.flights.events'],
        '0',
      ],
    ]);
  });

  it.each([
    ['/progress/no-id', 'path sagaId'],
    [`/progress/${ID}?events=${ID},x`, 'query events'],
    [`/progress/${ID}?events=${Array(201).fill(ID).join(',')}`, 'query events'],
  ])('is refused for %.40s…', async (path, field) => {
    const { read, statements } = await status({ query: async () => [none] });
    const { status: code, body } = await read(path);
    expect([code === 400 || code === 422, JSON.stringify(body.errors)]).toEqual([true, expect.stringContaining(field)]);
    expect(statements).toEqual([]);
  });
});

it('both are described', async () => {
  const { read } = await status();
  const { body } = await read('/openapi.json');
  const paths = body.paths as Record<string, { get: { parameters: { name: string; schema: object }[] } }>;
  expect(Object.keys(paths)).toEqual(expect.arrayContaining(['/status', '/progress/{sagaId}']));
  const parameters = paths['/progress/{sagaId}']?.get.parameters ?? [];
  expect(parameters.map(({ name }) => name)).toEqual(['sagaId', 'events', 'X-Customer-Id']);
});
