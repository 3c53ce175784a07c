import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Prisma, PrismaClient } from '@troupe/inventory-database';
import { actsOn } from '../../src/http/acts.ts';
import { unpublishedRoutes } from '../../src/operations/unpublished-routes.ts';
import { cloneWithClient } from '../../src/testing/database.ts';
import { openShop, problemOf, type Shop } from '../http/shop.ts';

let database: PrismaClient;
let shop: Shop;
let drop: () => Promise<void>;
beforeAll(async () => {
  const clone = await cloneWithClient<PrismaClient, Prisma.TransactionClient>(
    'inventory',
    (adapter) => new PrismaClient({ adapter }),
  );
  ({ database, drop } = clone);
  shop = await openShop({ routes: unpublishedRoutes(database), acts: actsOn(database) });
  await database.$executeRawUnsafe(
    `INSERT INTO chassis.relay_aside (outbox, position, id, topic, key, key_hash, error_code, error_message, attempts)
     SELECT outbox, n, ('01900000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'inventory.events', key,
            sha256(convert_to(key, 'UTF8')), code, code, CASE WHEN code IS NULL THEN 0 ELSE 1 END
     FROM (VALUES ('outbox', 1, 'a', 'MESSAGE_TOO_LARGE'), ('outbox', 2, 'a', NULL), ('outbox', 3, 'a', NULL),
                  ('outbox', 4, 'b', 'INVALID_RECORD'), ('dead_letter_outbox', 5, 'a', 'MESSAGE_TOO_LARGE'))
       AS r(outbox, n, key, code)`,
  );
});
afterAll(async () => {
  await shop.close();
  await drop();
});

const idOf = (n: number): string => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const list = async (query = '') => {
  const response = await shop.fetch(`/unpublished${query}`);
  return (await response.json()) as { items: Record<string, unknown>[]; nextCursor: string | null };
};
const act = (n: number, what: string) =>
  shop.post(`/unpublished/${idOf(n)}/${what}`, { reason: 'the topic takes it now' }, { 'x-operator': 'ada' });

describe('What the broker refused for good', () => {
  it('is listed with its reason and how many wait behind it, the newest first', async () => {
    expect((await list()).items).toMatchObject([
      { id: idOf(5), kind: 'DEAD_LETTER', waiting: 0 },
      { id: idOf(4), kind: 'EVENT', key: 'b', error: { code: 'INVALID_RECORD' }, waiting: 0, attempts: 1 },
      { id: idOf(1), kind: 'EVENT', key: 'a', error: { code: 'MESSAGE_TOO_LARGE' }, waiting: 2, wanted: null },
    ]);
    const first = await list('?limit=2');
    expect((await list(`?limit=2&cursor=${first.nextCursor}`)).items.map(({ id }) => id)).toEqual([idOf(1)]);
  });

  it.each([
    [1, 'retry', 'RETRY'],
    [4, 'discard', 'DISCARD'],
  ])('is what an operator decides, and the relay does it: %s, %s', async (n, what, wanted) => {
    const response = await act(n, what);
    expect([response.status, await response.json()]).toMatchObject([202, { id: idOf(n), wanted }]);
    const [written] = await database.$queryRawUnsafe<object[]>(
      `SELECT operator, act, reason FROM chassis.operator_act WHERE target = '${idOf(n)}'`,
    );
    expect(written).toEqual({ operator: 'ada', act: `unpublished.${what}`, reason: 'the topic takes it now' });
  });

  it('is not decided for what only waits, nor for what is not there', async () => {
    expect(await problemOf(await act(2, 'discard'))).toMatchObject({ status: 409, code: 'UNPUBLISHED_WAITS' });
    expect(await problemOf(await act(9, 'retry'))).toMatchObject({ status: 404, code: 'UNPUBLISHED_NOT_FOUND' });
  });
});
