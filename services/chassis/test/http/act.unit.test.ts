import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { ActBus, ActResult } from '../../src/http/acts.ts';
import { text } from '../../src/http/input/fields.ts';
import { act } from '../../src/http/route.ts';
import type { IdempotencyClaim } from '../../src/incoming/commands.ts';
import { DomainError } from '../../src/rules/failure.ts';
import { openShop, problemOf, type Shop, shopRoutes } from './shop.ts';

/** Carries out acts without a database, and keeps what it was given. */
class FakeActs implements ActBus {
  readonly done: { operator: string; result: ActResult; claim: IdempotencyClaim | undefined }[] = [];
  readonly perform: ActBus['perform'] = async (operator, work, claim) => {
    const result = await work({ $queryRawUnsafe: () => never(), $executeRawUnsafe: () => never() });
    this.done.push({ operator, result, claim });
    return result.answer;
  };
}
const never = () => Promise.reject(new Error('there is no database'));

const close = act('/till/:no/close', {
  summary: 'Closes a till.',
  params: z.object({ no: z.string() }),
  body: z.strictObject({ reason: text(20), dryRun: z.boolean().default(false) }),
  response: z.object({ closed: z.string() }),
  rehearse: ({ body, operator }) =>
    body.dryRun ? Promise.resolve({ status: 200, body: { would: operator } }) : undefined,
  async act(_tx, { params, body, operator }) {
    if (params.no === '13') {
      throw new DomainError({ code: 'NO_SUCH_TILL', status: 404, title: 'There is no such till', detail: 'Take 1.' });
    }
    const acts = [{ act: 'till.close', target: params.no, reason: body.reason }];
    return { answer: { status: 200, body: { closed: params.no, by: operator } }, acts };
  },
});

let shop: Shop;
let acts: FakeActs;
afterEach(() => shop?.close());

async function open(): Promise<void> {
  acts = new FakeActs();
  shop = await openShop({ routes: [...shopRoutes, close], acts });
}
const ada = { 'x-operator': 'ada' };

describe("an operator's act", () => {
  it('is carried out in the name of its operator, with its row of the audit trail', async () => {
    await open();
    const answer = await shop.post('/till/1/close', { reason: 'evening' }, ada);
    expect([answer.status, await answer.json()]).toEqual([200, { closed: '1', by: 'ada' }]);
    expect(acts.done).toMatchObject([
      { operator: 'ada', claim: undefined, result: { acts: [{ act: 'till.close', target: '1', reason: 'evening' }] } },
    ]);
  });

  it('is refused without a name: nobody could be asked about it later', async () => {
    await open();
    for (const headers of [{}, { 'x-operator': '' }, { 'x-operator': 'a b' }, { 'x-operator': 'x'.repeat(65) }]) {
      const problem = await problemOf(await shop.post('/till/1/close', { reason: 'evening' }, headers));
      expect(problem).toMatchObject({
        status: 400,
        code: 'INVALID_OPERATOR',
        errors: [{ field: 'header X-Operator' }],
      });
    }
    expect(acts.done).toEqual([]);
  });

  it('has its body checked like a command, and its refusals as problem details', async () => {
    await open();
    expect(await problemOf(await shop.post('/till/1/close', {}, ada))).toMatchObject({
      code: 'INVALID_REQUEST',
      errors: [{ field: '/reason' }],
    });
    expect(await problemOf(await shop.post('/till/1/close', { reason: 'x', force: true }, ada))).toMatchObject({
      errors: [{ field: '/force' }],
    });
    expect(await problemOf(await shop.post('/till/13/close', { reason: 'x' }, ada))).toMatchObject({
      status: 404,
      code: 'NO_SUCH_TILL',
    });
    expect(acts.done).toEqual([]);
  });

  it('claims its idempotency key for its operator and address', async () => {
    await open();
    const keyed = { 'idempotency-key': 'k1' };
    await shop.post('/till/1/close', { reason: 'evening' }, { ...ada, ...keyed });
    await shop.post('/till/2/close', { reason: 'evening' }, { 'x-operator': 'bob', ...keyed });
    expect(acts.done.map(({ claim }) => claim?.scope)).toEqual(['ada POST /till/1/close', 'bob POST /till/2/close']);
    expect(acts.done[0]?.claim?.requestHash).toEqual(acts.done[1]?.claim?.requestHash);
  });

  it('can be rehearsed: nothing is carried out', async () => {
    await open();
    const answer = await shop.post('/till/1/close', { reason: 'evening', dryRun: true }, ada);
    expect(await answer.json()).toEqual({ would: 'ada' });
    expect(acts.done).toEqual([]);
  });

  it('is described in /openapi.json, with the operator that it needs', async () => {
    await open();
    const { paths } = (await (await shop.fetch('/openapi.json')).json()) as {
      paths: Record<string, { post: { parameters: { name: string; required: boolean }[]; requestBody: unknown } }>;
    };
    const operation = paths['/till/{no}/close']?.post;
    expect(operation?.parameters).toContainEqual(expect.objectContaining({ name: 'X-Operator', required: true }));
    expect(operation?.parameters.map(({ name }) => name)).toContain('Idempotency-Key');
    expect(operation?.requestBody).toMatchObject({ required: true });
  });

  it('may not let unknown fields through', async () => {
    const loose = { ...close, body: z.object({ reason: text(20) }) };
    await expect(openShop({ routes: [loose], acts: new FakeActs() })).rejects.toThrow(/POST \/till\/:no\/close/);
  });
});
