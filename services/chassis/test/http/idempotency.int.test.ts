import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Sql } from '../../src/rules/database.ts';
import { keepAnswers, keptAnswer } from '../../src/tables/idempotency.ts';
import { type ClonedDatabase, cloneDatabase } from '../../src/testing/database.ts';
import { sqlOf } from '../postgres/sql-of.ts';

let clone: ClonedDatabase;
let client: pg.Client;
let sql: Sql;
beforeAll(async () => {
  clone = await cloneDatabase('order');
  client = new pg.Client({ connectionString: clone.url });
  await client.connect();
  sql = sqlOf(client);
});
afterAll(async () => {
  await client.end();
  await clone.drop();
});

describe('a kept answer', () => {
  const claim = { scope: 'demo POST /orders', key: 'k1', requestHash: Buffer.alloc(32, 1) };
  const answer = { status: 202, headers: { Location: '/orders/1' }, body: { orderId: '1' } };
  beforeAll(() => keepAnswers(sql, [{ claim, answer }]));

  it('is found for the same request of the same client, and says that it is given again', async () => {
    const replayed = { ...answer, headers: { ...answer.headers, 'Idempotency-Replayed': 'true' } };
    expect(await keptAnswer(sql, claim)).toEqual(replayed);
  });

  it('is not given to another client or key', async () => {
    expect(await keptAnswer(sql, { ...claim, key: 'k2' })).toBeUndefined();
    expect(await keptAnswer(sql, { ...claim, scope: 'ada POST /orders' })).toBeUndefined();
  });

  it('is refused to another request with its key', async () => {
    const other = keptAnswer(sql, { ...claim, requestHash: Buffer.alloc(32, 2) });
    await expect(other).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', status: 422 });
  });
});
