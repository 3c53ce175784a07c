import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fromStack, query } from '@troupe/chassis/testing';
import { migrate, migrateTables } from '@troupe/deploy';
import { ensureTopics, freePorts, nodeRuntime, projectHome, type ServiceName, topics } from '@troupe/embedded';
import { Kafka, logLevel } from 'kafkajs';
import { type Dumped, load } from '../../chassis/test/postgres/dumps.ts';
import { type StartedInstance, startInstance } from './outages/instance.ts';
import { eventually } from './system.ts';

// The dumps of a system that ended in the middle of its work, before the chassis had a schema: deployed by this version, and run.

const run = randomUUID().slice(0, 8);
const prefix = `taken-${run}.`;
const databases: string[] = [];
const instances: StartedInstance[] = [];
const folder = mkdtempSync(path.join(tmpdir(), 'taken-over-'));
const admin = fromStack('TEST_POSTGRES_ADMIN_URL');

afterAll(async () => {
  await Promise.all(instances.map((instance) => instance.end()));
  provider?.kill();
  for (const name of databases) await query(admin, `DROP DATABASE ${name} WITH (FORCE)`);
  rmSync(folder, { recursive: true });
});

/** The stack's own provider would keep charges of orders that its audit knows nothing of. */
let provider: ReturnType<typeof spawn> | undefined;
async function startProvider(): Promise<string> {
  const { provider: port } = await freePorts();
  provider = spawn(nodeRuntime().command, [path.join(projectHome, 'infra/sandbox/dist/provider.js')], {
    env: { ...process.env, PORT: String(port), DATA_DIR: path.join(folder, 'provider') },
    stdio: 'ignore',
  });
  return `http://127.0.0.1:${port}`;
}

const NOBODY = 'http://127.0.0.1:9';

async function dumped(service: Dumped): Promise<string> {
  const name = `taken_${service}_${randomUUID().slice(0, 8)}`;
  await query(admin, `CREATE DATABASE ${name}`);
  databases.push(name);
  const url = Object.assign(new URL(admin), { pathname: `/${name}` }).href;
  await load(url, service);
  return url;
}

const deploy = (owner: ServiceName, url: string): Promise<readonly string[]> =>
  migrateTables(projectHome, [{ owner, url }]);

describe("Prisma's engine, on a database whose list names migrations that are no longer in the folder, and one that was changed,", () => {
  it('passes over them, and applies what is new', async () => {
    const url = await dumped('payment');
    expect(await deploy('payment', url)).toEqual([]);
    const schemaDir = path.join(folder, 'payment');
    cpSync(path.join(projectHome, 'prisma/payment/migrations'), path.join(schemaDir, 'migrations'), {
      recursive: true,
    });
    cpSync(path.join(projectHome, 'prisma/payment/schema.prisma'), path.join(schemaDir, 'schema.prisma'));
    const next = path.join(schemaDir, 'migrations/29991231000000_next');
    mkdirSync(next);
    writeFileSync(path.join(next, 'migration.sql'), 'ALTER TABLE payment ADD COLUMN next INTEGER;');
    expect(await migrate(projectHome, [{ schemaDir, databaseUrl: url }])).toEqual(['29991231000000_next']);
    const gone = await query(
      url,
      `SELECT FROM _prisma_migrations WHERE migration_name = '20261121000000_chassis' AND finished_at IS NOT NULL`,
    );
    expect(gone).toHaveLength(1);
  });
});

describe('order and payment, on the databases of an earlier version that ended in the middle of its work,', () => {
  const urls = new Map<ServiceName, string>();
  const unpublished = new Map<ServiceName, readonly string[]>();
  let before: { readonly calls: readonly string[]; readonly replay: string; readonly open: readonly string[] };

  beforeAll(async () => {
    await ensureTopics(fromStack('TEST_KAFKA_BROKERS'), topics(prefix));
    for (const service of ['order', 'payment'] as const) {
      const url = await dumped(service);
      urls.set(service, url);
      const kept = await query<{ id: string }>(url, 'SELECT id::text FROM outbox ORDER BY position');
      unpublished.set(
        service,
        kept.map(({ id }) => id),
      );
    }
    const url = urls.get('payment') as string;
    const calls = await query<{ key: string }>(
      url,
      `SELECT key FROM task WHERE kind = 'call' AND name = 'Charge' ORDER BY key`,
    );
    const [replay] = await query<{ id: string }>(
      url,
      'SELECT id::text FROM dead_letter_replay WHERE finished_at IS NULL',
    );
    const open = await query<{ id: string }>(
      url,
      'SELECT id::text FROM dead_letter WHERE settled_at IS NULL ORDER BY position',
    );
    before = { calls: calls.map(({ key }) => key), replay: replay?.id ?? '', open: open.map(({ id }) => id) };
    const providerUrl = await startProvider();
    for (const service of ['order', 'payment'] as const) await start(service, providerUrl);
  }, 240_000);

  /** The slots of the cluster are those of the stack's own services. */
  async function start(service: ServiceName, providerUrl: string): Promise<void> {
    const url = urls.get(service) as string;
    await deploy(service, url);
    const instance = await startInstance(service, {
      DATABASE_URL: url,
      TOPIC_PREFIX: prefix,
      RELAY: 'polling',
      KAFKA_BROKERS: fromStack('TEST_KAFKA_BROKERS'),
      REGISTRY_URL: fromStack('TEST_REGISTRY_URL'),
      PAYMENT_PROVIDER_URL: providerUrl,
      PAYMENT_URL: NOBODY,
      INVENTORY_URL: NOBODY,
      SHIPPING_URL: NOBODY,
      // The dumps grow older, and nothing in them is forgotten.
      INBOX_RETENTION_MS: 'unlimited',
      DEAD_LETTER_RETENTION_MS: 'unlimited',
      IDEMPOTENCY_KEY_RETENTION_MS: 'unlimited',
    });
    instances.push(instance);
    const isReady = () =>
      fetch(`${instance.url}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      );
    await eventually(isReady, Boolean);
  }

  it('publish what waited in their outboxes', async () => {
    const kafka = new Kafka({ brokers: [fromStack('TEST_KAFKA_BROKERS')], logLevel: logLevel.NOTHING });
    const consumer = kafka.consumer({ groupId: `${prefix}reader` });
    await consumer.connect();
    await consumer.subscribe({ topics: [`${prefix}order.events`, `${prefix}payment.events`], fromBeginning: true });
    const seen = new Set<string>();
    await consumer.run({ eachMessage: async ({ message: { headers } }) => void seen.add(String(headers?.ce_id)) });
    try {
      const wanted = [...unpublished.values()].flat();
      expect(wanted.length).toBeGreaterThan(10);
      await eventually(
        async () => wanted.filter((id) => !seen.has(id)),
        (missing) => missing.length === 0,
      );
    } finally {
      await consumer.disconnect();
    }
  });

  it('make the calls that had no answer', async () => {
    expect(before.calls.length).toBeGreaterThan(0);
    const url = urls.get('payment') as string;
    await eventually(
      () => query(url, `SELECT key FROM chassis.task WHERE name = 'Charge' AND key = ANY ('{${before.calls.join()}}')`),
      (left) => left.length === 0,
    );
    // The orders are past their deadline by now, so what was charged may have been given back.
    const charged = await query(
      url,
      `SELECT FROM payment WHERE order_id::text = ANY ('{${before.calls.join()}}') AND charge_id IS NOT NULL`,
    );
    expect(charged).toHaveLength(before.calls.length);
  });

  it('finish the replay that was under way, and keep every dead letter open that nobody has settled', async () => {
    const url = urls.get('payment') as string;
    await eventually(
      () =>
        query(url, `SELECT FROM chassis.dead_letter_replay WHERE id = '${before.replay}' AND finished_at IS NOT NULL`),
      (finished) => finished.length === 1,
    );
    // Those of the dumps. The registry of the stack has other ids for the schemas: what was published is decoded by wrong ones here.
    const open = await query<{ id: string }>(
      url,
      `SELECT id::text FROM chassis.dead_letter WHERE settled_at IS NULL AND id = ANY ('{${before.open.join()}}') ORDER BY position`,
    );
    expect(before.open.length).toBeGreaterThan(0);
    expect(open.map(({ id }) => id)).toEqual(before.open);
    const response = await fetch(`${instances[1]?.url}/dead-letters/causes`);
    expect(((await response.json()) as { causes: number }).causes).toBeGreaterThan(0);
  });

  it('answer a request that is sent again as they did before', async () => {
    const [kept] = await query<{ key: string; order: string }>(
      urls.get('order') as string,
      `SELECT key, body->>'orderId' AS order FROM chassis.idempotency_key WHERE key = 'first-order'`,
    );
    const response = await fetch(`${instances[0]?.url}/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': kept?.key ?? '' },
      body: JSON.stringify({ items: [{ sku: 'SKU-001', quantity: 1 }], paymentToken: 'tok_ok' }),
    });
    expect([response.status, response.headers.get('idempotency-replayed')]).toEqual([202, 'true']);
    expect(((await response.json()) as { orderId: string }).orderId).toBe(kept?.order);
  });
});
