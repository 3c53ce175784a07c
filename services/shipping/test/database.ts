import { randomBytes } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '@troupe/shipping-database';
import pg from 'pg';

/** A migrated database of its own for one test file, on the server of TEST_POSTGRES_ADMIN_URL. */
export async function cloneDatabase() {
  const adminUrl = process.env.TEST_POSTGRES_ADMIN_URL;
  if (adminUrl === undefined) throw new Error('TEST_POSTGRES_ADMIN_URL is not set: run this test with npm test.');
  const name = `test_shipping_${randomBytes(5).toString('hex')}`;
  await administer(adminUrl, `CREATE DATABASE ${name} TEMPLATE template_shipping`);
  const connectionString = Object.assign(new URL(adminUrl), { pathname: `/${name}` }).href;
  const database = new PrismaClient({ adapter: new PrismaPg({ connectionString }) });
  return {
    database,
    async drop() {
      await database.$disconnect();
      await administer(adminUrl, `DROP DATABASE ${name}`);
    },
  };
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(statement).finally(() => client.end());
}
