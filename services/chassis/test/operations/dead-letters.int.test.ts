import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { UndecodableMessage } from '@troupe/schemas';
import { z } from 'zod';
import { uuidv7 } from '../../src/process/ids.ts';
import { problemOf } from '../http/shop.ts';
import { type Desk, openDesk } from './operator-desk.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
});
afterEach(() => desk.close());

interface Page {
  readonly items: readonly (Record<string, unknown> & { id: string })[];
  readonly nextCursor: string | null;
}
const ids = ({ items }: Page) => items.map(({ id }) => id);
const list = (query = '') => desk.get<Page>(`/dead-letters${query}`);
const many = (n: number) => Array.from({ length: n }, () => ({}));

describe('the list of dead letters', () => {
  it('shows those that somebody must look after, newest first, with what waits behind each', async () => {
    const [first, , , last] = await desk.given(
      { key: 'a', message: 'it is truncated' },
      { key: 'a', status: 'PARKED' },
      { key: 'a', status: 'PARKED' },
      { key: 'b', status: 'QUARANTINED' },
      { status: 'HANDLED' },
      { status: 'DISCARDED' },
      { key: 'a', topic: 'payment.events', status: 'PARKED' },
    );
    const page = await list();
    expect(ids(page)).toEqual([last, first]);
    expect(page.items).toMatchObject([
      { status: 'QUARANTINED', parkedBehind: 0 },
      { key: 'a', parkedBehind: 2, error: { code: 'AVRO_BROKEN', message: 'it is truncated' }, outcome: null },
    ]);
  });

  it('is filtered by status, topic, type, error and key', async () => {
    const [byTopic, byType, byCode, byKey, byStatus] = await desk.given(
      { topic: 'x.events' },
      { type: 'troupe.x.Happened' },
      { code: 'X' },
      { key: 'x' },
      { status: 'PARKED' },
    );
    const filters = ['topic=x.events', 'type=troupe.x.Happened', 'code=X', 'key=x', 'status=parked,handled'];
    const found = await Promise.all(filters.map(async (filter) => ids(await list(`?${filter}`))));
    expect(found).toEqual([[byTopic], [byType], [byCode], [byKey], [byStatus]]);
  });

  it('comes in pages without gap or repetition, also while new ones arrive', async () => {
    const given = await desk.given(...many(45));
    const seen: string[] = [];
    let query = '?limit=20';
    for (let page = await list(query); ; page = await list(query)) {
      seen.push(...ids(page));
      await desk.given({});
      if (page.nextCursor === null) break;
      query = `?limit=20&cursor=${page.nextCursor}`;
    }
    expect(seen).toEqual([...given].reverse());
  });

  it('is bounded, and refuses what it does not understand', async () => {
    for (const query of ['limit=101', 'limit=0', 'cursor=x', 'status=LOST', 'topic=']) {
      expect(await problemOf(await desk.shop.fetch(`/dead-letters?${query}`))).toMatchObject({ status: 400 });
    }
  });
});

describe('a replay of the dead letters of a time', () => {
  const dryRun = async (filter: object) => {
    const body = JSON.stringify({ filter, dryRun: true });
    const headers = { 'content-type': 'application/json', 'x-operator': 'grace' };
    return desk.shop.fetch('/dead-letters/replays', { method: 'POST', headers, body });
  };

  it('can take a moment of any offset, and refuse one that PostgreSQL does not know', async () => {
    await desk.given({ receivedAt: '2026-11-20T09:31:00.000Z' }, { receivedAt: '2026-11-20T09:31:00.001Z' });
    const total = async (filter: object) => ((await (await dryRun(filter)).json()) as { total: number }).total;
    expect(await total({ receivedSince: '2026-11-21T09:30:00+23:59' })).toBe(2);
    expect(await total({ receivedSince: '2026-11-21T09:30:00.0005+23:59' })).toBe(1);
    expect(await total({ receivedBefore: '2026-11-21T09:30:00.0005+23:59' })).toBe(1);
    expect(await total({ receivedSince: '0001-01-01T00:00:00Z', receivedBefore: '9999-12-31T23:59:59Z' })).toBe(2);
    for (const odd of ['0000-01-01T00:00:00Z', '0001-01-01T00:00:00+00:01', '9999-12-31T23:59:59-23:59']) {
      const problem = await problemOf(await dryRun({ receivedSince: odd }));
      expect(problem).toMatchObject({ status: 422, errors: [{ field: '/filter/receivedSince' }] });
    }
  });
});

describe('the causes of dead letters', () => {
  it('are grouped by topic, type and error, the most frequent first, with an example and what they hold back', async () => {
    await desk.given(
      { code: 'RARE', message: 'seldom' },
      { key: 'a', receivedAt: '2026-11-20T00:00:00.000Z', message: 'the first' },
      { key: 'a', status: 'PARKED' },
      { key: 'b', status: 'QUARANTINED', receivedAt: '2026-11-20T01:00:00.000Z' },
      { key: 'b', status: 'PARKED' },
      { key: 'b', status: 'PARKED' },
      { status: 'HANDLED' },
    );
    const [latest] = await desk.given({ key: 'c', receivedAt: '2026-11-20T02:00:00.000Z', message: 'the last' });
    const { items, causes } = await desk.get<{ items: unknown[]; causes: number }>('/dead-letters/causes');
    expect(causes).toBe(2);
    expect(items).toMatchObject([
      {
        topic: 'order.events',
        eventType: 'troupe.order.OrderCreated',
        code: 'AVRO_BROKEN',
        count: 3,
        quarantined: 1,
        parked: 3,
        firstReceivedAt: '2026-11-20T00:00:00.000Z',
        lastReceivedAt: '2026-11-20T02:00:00.000Z',
        example: { id: latest, message: 'the last' },
      },
      { code: 'RARE', count: 1, parked: 0, example: { message: 'seldom' } },
    ]);
  });

  it('are bounded, however many types a stranger invents, and their number is told', async () => {
    await desk.given(...many(130).map((_, n) => ({ type: `forged.${n}` })));
    const { items, causes } = await desk.get<{ items: unknown[]; causes: number }>('/dead-letters/causes');
    expect([items.length, causes]).toEqual([100, 130]);
  });
});

describe('one dead letter', () => {
  it('is shown whole, as text and nothing else, whatever a stranger put into it', async () => {
    const hostile = '<script>alert(1)</script>\u001b[31m\u202e';
    const value = Buffer.from(Array.from({ length: 300 }, (_, byte) => byte % 256));
    const [id] = await desk.given({ type: hostile, key: 'k', message: hostile, headers: { ce_id: hostile }, value });
    const [parked] = await desk.given({ key: 'k', status: 'PARKED' });
    const answer = await desk.shop.fetch(`/dead-letters/${id}`);
    expect(answer.headers.get('content-type')).toBe('application/json');
    const deadLetter = (await answer.json()) as Record<string, unknown>;
    expect(deadLetter).toMatchObject({
      eventType: hostile,
      error: { message: hostile },
      headers: { ce_id: hostile },
      valueBase64: value.toString('base64'),
      keyBase64: Buffer.from('k').toString('base64'),
      decoded: null,
      notDecoded: 'It is no Avro.',
      parkedBehind: 1,
      parked: [{ id: parked }],
    });
  });

  it('is shown decoded when it can be', async () => {
    await desk.close();
    const type = { fullName: 'troupe.order.OrderCreated' } as never;
    desk = await openDesk({
      codec: { learn: async () => undefined, decode: () => ({ type, data: { orderId: 'o' } }) },
    });
    const [id] = await desk.given({});
    expect(await desk.get(`/dead-letters/${id}`)).toMatchObject({
      decoded: { type: 'troupe.order.OrderCreated', data: { orderId: 'o' } },
    });
  });

  it('tells where decoding ended, when bytes are left', async () => {
    await desk.close();
    const decode = () => {
      throw new UndecodableMessage('AVRO_BROKEN', '4 bytes follow its end', { at: 20 });
    };
    desk = await openDesk({ codec: { learn: async () => undefined, decode } });
    const [id] = await desk.given({});
    expect(await desk.get(`/dead-letters/${id}`)).toMatchObject({
      decoded: null,
      notDecoded: '4 bytes follow its end',
      notDecodedAt: 20,
    });
  });

  it('that does not exist is a problem that says so', async () => {
    const id = uuidv7();
    const problem = await problemOf(await desk.shop.fetch(`/dead-letters/${id}`));
    expect(problem).toMatchObject({ status: 404, code: 'DEAD_LETTER_NOT_FOUND' });
    expect(problem.detail).toContain(id);
  });
});

describe('a discarded dead letter', () => {
  const inbox = () =>
    desk.query<{ event_id: string; ignored_because: string; hash: string }>(
      `SELECT event_id::text, ignored_because, encode(payload_hash, 'hex') AS hash FROM chassis.inbox`,
    );

  it('is settled, audited, and its event never takes effect: all at once', async () => {
    const eventId = uuidv7();
    const [id] = await desk.given({ eventId, value: Buffer.from('abc') });
    const answer = await desk.act(`/dead-letters/${id}/discard`, { reason: 'a test record' });
    expect([answer.status, await answer.json()]).toMatchObject([
      200,
      { id, status: 'DISCARDED', outcome: { kind: 'discarded', reason: 'discarded by ada: a test record' } },
    ]);
    expect(await inbox()).toEqual([
      {
        event_id: eventId,
        ignored_because: 'discarded by ada: a test record',
        hash: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
      },
    ]);
    expect((await desk.get<Page>(`/operator-acts?target=${id}`)).items).toMatchObject([
      {
        operator: 'ada',
        act: 'dead-letters.discard',
        target: id,
        reason: 'a test record',
        detail: { code: 'AVRO_BROKEN' },
      },
    ]);
  });

  it.each([
    ['its row of the audit trail', 'operator_act'],
    ['the answer for its key', 'idempotency_key'],
  ])('is not discarded, and nothing is left of it, when %s cannot be written', async (_, table) => {
    await desk.query(`ALTER TABLE chassis.${table} ADD CONSTRAINT disk_full CHECK (false) NOT VALID`);
    const [id] = await desk.given({});
    const answer = await desk.act(`/dead-letters/${id}/discard`, { reason: 'x' }, { 'idempotency-key': 'k' });
    expect(answer.status).toBe(500);
    expect(await desk.get(`/dead-letters/${id}`)).toMatchObject({ status: 'DEAD', outcome: null, acts: [] });
    expect(await inbox()).toEqual([]);
  });

  it('leaves the inbox alone when its event was handled, or its id is none', async () => {
    const eventId = uuidv7();
    await desk.query(`INSERT INTO chassis.inbox (event_id, payload_hash) VALUES ('${eventId}', '') RETURNING 1`);
    const given = await desk.given({ eventId }, { eventId: 'no uuid' }, { eventId: `${eventId}x` });
    for (const id of given) {
      expect((await desk.act(`/dead-letters/${id}/discard`, { reason: 'x' })).status).toBe(200);
    }
    expect(await inbox()).toEqual([{ event_id: eventId, ignored_because: null, hash: '' }]);
  });

  it('lets what waits behind it go on at once', async () => {
    await desk.close();
    desk = await openDesk({ pollMs: 3_600_000 });
    const [id] = await desk.given({});
    desk.worker.start();
    const woken = new Promise<void>((resolve) => {
      desk.deadLetters.release = async () => {
        const { status } = await desk.get<{ status: string }>(`/dead-letters/${id}`);
        if (status === 'DISCARDED') resolve();
        return 0;
      };
    });
    await desk.act(`/dead-letters/${id}/discard`, { reason: 'x' });
    await woken;
  });

  it('cannot be one that is settled, or that only waits', async () => {
    for (const status of ['HANDLED', 'DISCARDED', 'PARKED']) {
      const [id] = await desk.given({ status });
      const problem = await problemOf(await desk.act(`/dead-letters/${id}/discard`, { reason: 'x' }));
      expect(problem).toMatchObject({ status: 409, code: `DEAD_LETTER_${status}` });
    }
    expect((await desk.get<Page>('/operator-acts')).items).toEqual([]);
    expect(await inbox()).toEqual([]);
  });

  it('can be one in quarantine; needs a reason, and an id that exists', async () => {
    const [id] = await desk.given({ status: 'QUARANTINED' });
    expect(await problemOf(await desk.act(`/dead-letters/${id}/discard`, {}))).toMatchObject({
      status: 400,
      errors: [{ field: '/reason' }],
    });
    expect(await problemOf(await desk.act(`/dead-letters/${uuidv7()}/discard`, { reason: 'x' }))).toMatchObject({
      status: 404,
      code: 'DEAD_LETTER_NOT_FOUND',
    });
    expect((await desk.act(`/dead-letters/${id}/discard`, { reason: 'x' })).status).toBe(200);
  });

  it('is discarded once when two operators do it at the same moment', async () => {
    const [id] = await desk.given({});
    const answers = await Promise.all(
      ['ada', 'bob', 'eve'].map((operator) =>
        desk.act(`/dead-letters/${id}/discard`, { reason: 'x' }, { 'x-operator': operator }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect((await desk.get<Page>('/operator-acts')).items).toHaveLength(1);
  });
});

describe("an operator's act with an Idempotency-Key", () => {
  const key = { 'idempotency-key': 'k1' };

  it('has one effect, one row in the audit trail, and the same answer each time', async () => {
    const [id] = await desk.given({});
    const first = await desk.act(`/dead-letters/${id}/discard`, { reason: 'x' }, key);
    const again = await desk.act(`/dead-letters/${id}/discard`, { reason: 'x' }, key);
    expect([again.status, await again.json()]).toEqual([first.status, await first.json()]);
    expect([first, again].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true']);
    expect((await desk.get<Page>('/operator-acts')).items).toHaveLength(1);
  });

  it('is refused with another body', async () => {
    const [id] = await desk.given({});
    await desk.act(`/dead-letters/${id}/discard`, { reason: 'x' }, key);
    const problem = await problemOf(await desk.act(`/dead-letters/${id}/discard`, { reason: 'y' }, key));
    expect(problem).toMatchObject({ status: 422, code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  it('is refused while another process still works on the same key, and can be sent again', async () => {
    const [id] = await desk.given({});
    const name = `ada POST /dead-letters/${id}/discard k1`;
    const refused = await desk.database.$transaction(async (elsewhere) => {
      await elsewhere.$executeRawUnsafe('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', name);
      return problemOf(await desk.act(`/dead-letters/${id}/discard`, { reason: 'x' }, key));
    });
    expect(refused).toMatchObject({ status: 409, code: 'IDEMPOTENCY_KEY_IN_USE' });
    expect((await desk.act(`/dead-letters/${id}/discard`, { reason: 'x' }, key)).status).toBe(200);
  });

  it('keeps no answer when it was refused: nothing of it is left', async () => {
    const [id] = await desk.given({ status: 'PARKED' });
    await desk.act(`/dead-letters/${id}/discard`, { reason: 'x' }, key);
    expect(
      await desk.query('SELECT 1 FROM chassis.idempotency_key UNION ALL SELECT 1 FROM chassis.operator_act'),
    ).toEqual([]);
  });
});

describe('the audit trail', () => {
  it('is newest first, in pages, by target, act and operator', async () => {
    const given = await desk.given({}, {}, {});
    for (const [at, id] of given.entries()) {
      await desk.act(`/dead-letters/${id}/discard`, { reason: `no ${at}` }, { 'x-operator': at === 1 ? 'bob' : 'ada' });
    }
    const reasons = async (query: string) =>
      (await desk.get<Page>(`/operator-acts${query}`)).items.map(({ reason }) => reason);
    expect(await reasons('')).toEqual(['no 2', 'no 1', 'no 0']);
    expect(await reasons('?operator=bob')).toEqual(['no 1']);
    expect(await reasons(`?target=${given[0]}`)).toEqual(['no 0']);
    expect(await reasons('?act=dead-letters.replay')).toEqual([]);
    const { nextCursor } = await desk.get<Page>('/operator-acts?limit=2');
    expect(await reasons(`?limit=2&cursor=${nextCursor}`)).toEqual(['no 0']);
  });
});

it('answers what /openapi.json says', async () => {
  const [id] = await desk.given({ headers: { a: 'b' } });
  const { id: replay } = (await (await desk.act('/dead-letters/replays', { ids: [id] })).json()) as { id: string };
  const { operatorRoutes } = await import('../../src/operations/dead-letters/desk.ts');
  const routes = operatorRoutes({
    database: desk.database,
    deadLetters: desk.deadLetters,
    wake: () => {},
    codec: {} as never,
  });
  for (const route of routes) {
    if (route.kind !== 'query') continue;
    const path = route.path.replace(':id', String(route.path.includes('replays/:id') ? replay : id));
    z.strictObject((route.response as z.ZodObject).shape).parse(await desk.get(path));
  }
});
