import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topics, withClient } from '@troupe/deploy';
import { type AnyEventType, events, IncompatibleSchemas, OrderCreated, registerSchemas } from '@troupe/schemas';
import { serviceNames } from '@troupe/services';
import { Kafka, logLevel } from 'kafkajs';
import { running } from '../src/children/pid-files.ts';
import { type Stack, startStack } from '../src/stack/stack.ts';
import { lives, temporaryFolder } from './programs.ts';
import { Recorder } from './recorder.ts';

const place = temporaryFolder();
const told = new Recorder();
let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ dataDir: place.folder, ports: 'free', services: [], templates: true, report: told });
}, 240_000);

afterAll(async () => {
  await stack?.stop();
  place.remove();
});

async function withAdmin<T>(work: (admin: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> {
  const kafka = new Kafka({ brokers: [stack.addresses.brokers], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  return work(admin).finally(() => admin.disconnect());
}

describe('a stack without services', () => {
  it('has a migrated database, a slot and a template for each service', async () => {
    for (const service of serviceNames) {
      const { rows } = await withClient(stack.addresses.databaseUrl(service), (client) =>
        client.query(`SELECT current_user AS role, to_regclass('chassis.outbox') IS NOT NULL AS outbox,
                             (SELECT count(*)::int FROM pg_publication WHERE pubname = 'outbox') AS publications,
                             (SELECT count(*)::int FROM pg_replication_slots
                               WHERE slot_name = 'troupe_${service}_outbox' AND database = current_database()) AS slots`),
      );
      expect(rows).toEqual([{ role: `troupe_${service}`, outbox: true, publications: 1, slots: 1 }]);
    }
    const templates = await withClient(stack.addresses.adminUrl, (client) =>
      client.query(
        `SELECT datname FROM pg_database WHERE datistemplate AND datname LIKE 'template\\__%\\_%' OR datname ~ '^template_'`,
      ),
    );
    expect(templates.rows.map(({ datname }) => datname)).toEqual(
      expect.arrayContaining(serviceNames.map((name) => `template_${name}`)),
    );
  });

  it('commits durably, and listens on loopback alone', async () => {
    const { rows } = await withClient(stack.addresses.adminUrl, (client) =>
      client.query(
        `SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'listen_addresses') ORDER BY name`,
      ),
    );
    expect(rows.map(({ setting }) => setting)).toEqual(['on', '127.0.0.1', 'on']);
  });

  it('has its topics with six partitions and seven days, and makes none by mistake', async () => {
    await withAdmin(async (admin) => {
      const { topics: found } = await admin.fetchTopicMetadata({ topics: topics().map(({ name }) => name) });
      expect(found.map(({ name, partitions }) => ({ name, partitions: partitions.length })).sort(byName)).toEqual(
        topics()
          .map(({ name, partitions }) => ({ name, partitions }))
          .sort(byName),
      );
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: 2, name: 'order.events', configNames: ['retention.ms'] }],
      });
      expect(resources[0]?.configEntries[0]?.configValue).toBe(String(7 * 24 * 60 * 60 * 1000));
      await expect(admin.fetchTopicMetadata({ topics: ['oder.events'] })).rejects.toThrow();
    });
  });

  it('has every schema, compatible in both directions', async () => {
    const registrations = await registerSchemas({ registryUrl: stack.addresses.registryUrl });
    expect(registrations.map(({ outcome }) => outcome)).toEqual(events.map(() => 'unchanged'));
    const event = OrderCreated;
    const breaking = {
      ...event,
      schema: { ...event.schema, fields: [{ name: 'other', type: 'string' }] },
    } as unknown as AnyEventType;
    await expect(registerSchemas({ registryUrl: stack.addresses.registryUrl, events: [breaking] })).rejects.toThrow(
      IncompatibleSchemas,
    );
  });

  it('knows what it uses', () => {
    const names = stack.memory().map(({ name }) => name);
    expect(names.sort()).toEqual(['kafka', 'launcher', 'postgres', 'registry']);
  });

  it('is the only one in its data folder', async () => {
    await expect(startStack({ dataDir: place.folder, services: [] })).rejects.toThrow('Troupe runs already');
  });

  it('has Kafka again, with its topics, after Kafka was killed', async () => {
    const kafka = stack.child('kafka');
    const before = kafka.pid ?? 0;
    kafka.kill('SIGKILL');
    while (lives(before)) await new Promise((resolve) => setTimeout(resolve, 20));
    await kafka.ready();
    expect(kafka.pid).not.toBe(before);
    expect(await withAdmin((admin) => admin.listTopics())).toEqual(
      expect.arrayContaining(['order.events', 'order.dlq']),
    );
    expect(told.lines.join('\n')).toContain('kafka was ended by SIGKILL');
  });

  it('leaves nothing running when it stops, and keeps its data for the next start', async () => {
    const pids = ['postgres', 'kafka', 'registry'].map((name) => stack.child(name).pid ?? 0);
    await withClient(stack.addresses.databaseUrl('order'), (client) => client.query('CREATE TABLE kept ()'));
    await stack.stop();
    expect(pids.map(lives)).toEqual([false, false, false]);
    expect(running(place.folder)).toEqual([]);
    expect(existsSync(path.join(place.folder, 'launcher.json'))).toBe(false);
    stack = await startStack({ dataDir: place.folder, ports: 'free', services: [], report: told });
    const { rows } = await withClient(stack.addresses.databaseUrl('order'), (client) =>
      client.query(`SELECT to_regclass('kept') IS NOT NULL AS kept`),
    );
    expect(rows).toEqual([{ kept: true }]);
  }, 240_000);

  it('that is interrupted while it starts leaves nothing running', async () => {
    await stack.stop();
    const interrupted = new AbortController();
    const start = startStack({
      dataDir: place.folder,
      ports: 'free',
      services: [],
      report: told,
      signal: interrupted.signal,
    });
    while (running(place.folder).length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    const pids = running(place.folder).map(({ pid }) => pid);
    interrupted.abort(new Error('Ctrl-C'));
    await expect(start).rejects.toThrow('Ctrl-C');
    expect(pids.map(lives)).toEqual(pids.map(() => false));
    expect(running(place.folder)).toEqual([]);
  }, 240_000);
});

function byName(left: { name: string }, right: { name: string }): number {
  return left.name.localeCompare(right.name);
}
