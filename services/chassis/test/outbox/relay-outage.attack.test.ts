import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { type Stack, silent, startStack, temporaryDataDir } from '@troupe/embedded';
import { Client } from 'pg';
import { kafkaPublisher, type Publisher } from '../../src/kafka/producer.ts';
import { unobserved } from '../../src/outbox/relay/observer.ts';
import { type ClientUnderTest, clientUnderTest, hasRecords, Topics, values } from '../kafka/real-kafka.ts';
import { eventually } from '../testing/eventually.ts';
import { emit, emitDead, firstTimes, gated, RealOutbox } from './real-outbox.ts';

// A PostgreSQL and a Kafka of their own, since they are killed here, and PostgreSQL keeps little.

let dataDir: string;
let stack: Stack;
let topics: Topics;
let client: ClientUnderTest;
let publisher: Publisher;
let outbox: RealOutbox;
let events: Awaited<ReturnType<Topics['read']>>;
let deadLetters: Awaited<ReturnType<Topics['read']>>;

beforeAll(async () => {
  dataDir = await temporaryDataDir(silent);
  const postgres = { max_slot_wal_keep_size: '32MB', max_wal_size: '64MB', wal_sender_timeout: '2s' };
  stack = await startStack({ dataDir, ports: 'free', services: [], postgres });
  process.env.TEST_POSTGRES_ADMIN_URL = stack.addresses.adminUrl;
  process.env.TEST_KAFKA_BROKERS = stack.addresses.brokers;
}, 240_000);

afterAll(async () => {
  await stack?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

beforeEach(async () => {
  client = clientUnderTest();
  publisher = kafkaPublisher(client.kafka, 'the relay of the test');
  topics = new Topics();
  await topics.admin.connect();
  events = await topics.read(await topics.create('order.events'));
  deadLetters = await topics.read(await topics.create('order.dlq'));
  outbox = await RealOutbox.create();
});
afterEach(async () => {
  await outbox.close();
  await publisher.close();
  await topics.close();
});

const start = (own: Partial<Parameters<RealOutbox['startRelay']>[0]> = {}) =>
  outbox.startRelay({ ...client, publisher, topicPrefix: topics.prefix, ...own });

/** Every row of both tables is on its topic; along each key they came in order. */
async function everythingIsPublished(): Promise<void> {
  for (const [table, messages] of [
    ['outbox', events],
    ['dead_letter_outbox', deadLetters],
  ] as const) {
    const kept = await outbox.kept(table);
    await eventually(
      () => new Set(values(messages)).size >= kept.length,
      `every row of ${table} is published`,
      180_000,
    );
    expect(firstTimes(values(messages))).toEqual(firstTimes(kept));
  }
}

/** Writes both tables for one key; a database that is away is waited for. What was committed is asked of the database. */
function writeThroughOutages(key: string): { stop(): Promise<void> } {
  let going = true;
  const written = (async () => {
    for (let at = 0; going; ) {
      const writer = new Client(outbox.url);
      writer.on('error', () => undefined);
      try {
        await writer.connect();
        for (; going; at += 1) {
          await writer.query('BEGIN');
          await emit(writer, [`${key}:${at}`], key);
          await emitDead(writer, [`${key}:${at}`], key);
          await writer.query('COMMIT');
        }
      } catch {
        // Whether it was committed is not known: the next label is new.
        at += 1;
      } finally {
        await writer.end().catch(() => undefined);
      }
    }
  })();
  return {
    stop: async () => {
      going = false;
      await written;
    },
  };
}

it('a slot that PostgreSQL invalidated is announced, and repaired: nothing is lost, and keys stay in order', async () => {
  const broker = gated(publisher);
  const recoveries: true[] = [];
  start({ publisher: broker, observer: { ...unobserved, recovering: () => void recoveries.push(true) } });
  await emit(outbox.sql, ['key:0']);
  await hasRecords(events, 1);
  broker.shut();
  await emit(outbox.sql, ['key:1', 'key:2']);
  await emitDead(outbox.sql, ['key:0'], 'key');
  await eventually(() => broker.held > 0, 'rows are received that the broker has not got');
  await outbox.sql.query('CREATE TABLE noise (t text)');
  const isLost = async () => {
    await outbox.sql.query(`INSERT INTO noise SELECT repeat(md5(n::text), 20) FROM generate_series(1, 20000) AS n`);
    await outbox.sql.query('CHECKPOINT');
    const { rows } = await outbox.sql.query('SELECT wal_status FROM pg_replication_slots WHERE slot_name = $1', [
      outbox.slot,
    ]);
    return rows[0].wal_status === 'lost';
  };
  await eventually(isLost, 'PostgreSQL has given the slot up', 180_000);
  await emit(outbox.sql, ['key:3']);
  broker.open();
  await eventually(() => recoveries.length > 0, 'the relay has seen it');
  expect(client.complaints.join()).toContain('behind by more than max_slot_wal_keep_size');
  await emit(outbox.sql, ['key:4']);
  await everythingIsPublished();
  await eventually(() => client.readiness.ready, 'the relay is well again');
}, 480_000);

it('PostgreSQL killed with -9 between checkpoints: every committed row is on its topic, in order', async () => {
  start();
  const load = ['a', 'b', 'c'].map(writeThroughOutages);
  for (let round = 0; round < 3; round += 1) {
    const before = events.length;
    await eventually(() => events.length > before + 200, 'the relay publishes');
    const postgres = stack.child('postgres');
    const pid = postgres.pid;
    postgres.kill('SIGKILL');
    await eventually(() => postgres.pid !== pid, 'PostgreSQL is gone');
    await postgres.ready();
  }
  await Promise.all(load.map((writer) => writer.stop()));
  await outbox.reconnect();
  await everythingIsPublished();
}, 480_000);

it('the broker away for longer than any keepalive, then the relay killed: every committed row is on its topic', async () => {
  const relay = start();
  const load = ['a', 'b'].map(writeThroughOutages);
  await eventually(() => events.length > 100, 'the relay publishes');
  const kafka = stack.child('kafka');
  process.kill(kafka.pid ?? 0, 'SIGSTOP');
  const before = (await outbox.kept()).length;
  // Twice what PostgreSQL waits for a sign of life of a relay.
  await sleep(4_000);
  await eventually(
    async () => (await outbox.kept()).length > before + 100,
    'much is written that the broker has not got',
  );
  await Promise.all(load.map((writer) => writer.stop()));
  expect(await outbox.slotState()).toMatchObject({ active: true });
  await outbox.crashRelays();
  void relay.stop(0);
  kafka.kill('SIGKILL');
  await eventually(() => kafka.state !== 'ready', 'Kafka is gone');
  start();
  await kafka.ready();
  // The readers of before would wait for their session to end.
  events = await topics.read(`${topics.prefix}order.events`);
  deadLetters = await topics.read(`${topics.prefix}order.dlq`);
  await everythingIsPublished();
}, 480_000);
