import { PrismaPg } from '@prisma/adapter-pg';
import { type Prisma, PrismaClient } from '@troupe/inventory-database';
import pg from 'pg';

/** A migrated database of its own for one test file, on the server of TEST_POSTGRES_ADMIN_URL. */
export async function cloneDatabase() {
  const adminUrl = process.env.TEST_POSTGRES_ADMIN_URL;
  if (adminUrl === undefined)
    throw new Error('Start `node scripts/dist/teststack.js` and set the variables it prints.');
  const name = `inventory_test_${process.pid}_${Date.now()}`;
  await administer(adminUrl, `CREATE DATABASE ${name} TEMPLATE template_inventory`);
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

/** Runs `work` in a transaction and says how many statements it sent. */
export async function statementsOf(database: PrismaClient, work: (tx: Prisma.TransactionClient) => Promise<unknown>) {
  let statements = 0;
  await database.$transaction(async (tx) => {
    const counting = new Proxy(tx, {
      get(target, property) {
        if (property === '$queryRawUnsafe' || property === '$executeRawUnsafe') statements += 1;
        return Reflect.get(target, property, target);
      },
    });
    await work(counting);
  });
  return statements;
}
