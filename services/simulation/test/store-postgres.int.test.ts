import { setTimeout as sleep } from 'node:timers/promises';
import { PrismaPg } from '@prisma/adapter-pg';
import type { Database, Sql } from '@troupe/chassis';
import { sqlStore } from '@troupe/chassis/internal';
import { cloneDatabase, connections, query } from '@troupe/chassis/testing';
import { paymentService } from '@troupe/payment';
import { type StoreUnderTest, storeContract } from './store-contract.ts';

/** Long enough for any statement that does not wait; too short shows as a failure of what should be done, never as a pass. */
const CALM_MS = 600;

storeContract(async (): Promise<StoreUnderTest> => {
  const { url, drop } = await cloneDatabase('payment');
  const connected = () => paymentService.database(new PrismaPg(connections(url))) as unknown as Database<Sql>;
  const [one, other] = [connected(), connected()];
  // Whoever is still connecting would seem to wait.
  await Promise.all([one, other].map((database) => database.$queryRawUnsafe('SELECT 1')));
  return {
    store: sqlStore,
    one,
    other,
    outbox: async () =>
      (await query<{ id: string }>(url, 'SELECT id::text FROM chassis.outbox ORDER BY position')).map(({ id }) => id),
    settle: () => sleep(CALM_MS),
    until: (promise) => promise,
    async close() {
      await Promise.all([one.$disconnect(), other.$disconnect()]);
      await drop();
    },
  };
});
