import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { kafkaPublisher } from '../../src/kafka/producer.ts';
import { clientUnderTest, hasRecords, Topics, values } from '../kafka/real-kafka.ts';
import { eventually } from '../testing/eventually.ts';
import { DebeziumWorker } from './debezium-worker.ts';
import { emit, RealOutbox } from './real-outbox.ts';
import { type RelayUnderContract, relayContract } from './relay-contract.ts';

const dataDir = mkdtempSync(path.join(tmpdir(), 'troupe-connect-'));
const worker = new DebeziumWorker(dataDir);

beforeAll(() => worker.start(), 360_000);

relayContract('Debezium in Kafka Connect', ({ outbox, topicPrefix }) => worker.relayOf(outbox, topicPrefix));

describe('Debezium, as it is kept running', () => {
  let topics: Topics;
  let outbox: RealOutbox;
  let debezium: RelayUnderContract;
  let records: Awaited<ReturnType<Topics['read']>>;

  beforeEach(async () => {
    topics = new Topics();
    await topics.admin.connect();
    await topics.create('debezium.heartbeats');
    records = await topics.read(await topics.create('order.events'));
    outbox = await RealOutbox.create();
    debezium = worker.relayOf(outbox, topics.prefix, { 'heartbeat.interval.ms': '300' });
  });
  afterEach(async () => {
    await debezium.close();
    await outbox.close();
    await topics.close();
  });
  const told = () => worker.told.filter((line) => line.includes(outbox.name)).join('\n');

  it.each([
    ['was written to', ['the last one for long']],
    ['nobody has written to yet', []],
  ])('does not keep the write-ahead log for an outbox that %s, while another database is busy', async (_, labels) => {
    await debezium.start();
    await emit(outbox.sql, labels);
    await hasRecords(records, labels.length);
    const busy = await RealOutbox.create({ withSlot: false });
    try {
      await busy.sql.query(
        'CREATE TABLE noise AS SELECT repeat(md5(n::text), 20) AS t FROM generate_series(1, 30000) AS n',
      );
      const end = await outbox.walEnd();
      await eventually(() => outbox.hasPassed(end, 100_000), 'the idle slot has moved on');
    } finally {
      await busy.close();
    }
  });

  it('goes on by itself after PostgreSQL has cut its connections, and says so', async () => {
    await debezium.start();
    await emit(outbox.sql, ['before']);
    await hasRecords(records, 1);
    await outbox.cutRelay();
    await emit(outbox.sql, ['after']);
    await eventually(() => values(records).includes('after'), 'the row is on the topic');
    expect(told()).toContain(`The connector ${outbox.name}-outbox has failed`);
  });

  it('goes on for every outbox when all connectors fail at the same moment', async () => {
    const outboxes = await Promise.all(Array.from({ length: 5 }, () => RealOutbox.create()));
    const relays = outboxes.map((one) => worker.relayOf(one, topics.prefix));
    await Promise.all(relays.map((relay) => relay.start()));
    await Promise.all(outboxes.map((one) => emit(one.sql, ['before'])));
    await hasRecords(records, 5);
    await Promise.all(outboxes.map((one) => one.cutRelay()));
    await Promise.all(outboxes.map((one) => emit(one.sql, [one.name])));
    // The worker may lock itself up over this; then it is ended and started again first.
    const published = () => outboxes.every(({ name }) => values(records).includes(name));
    await eventually(published, 'every outbox is published', 180_000);
    await Promise.all(relays.map((relay) => relay.close()));
    await Promise.all(outboxes.map((one) => one.close()));
  }, 240_000);

  it('does not start without its slot, says why, and makes no new one; a person who makes it has it go on', async () => {
    await outbox.sql.query('SELECT pg_drop_replication_slot($1)', [outbox.slot]);
    const started = debezium.start();
    await eventually(() => told().includes(`the replication slot ${outbox.slot} is gone`), 'it says what is wrong');
    expect(await outbox.slotState()).toBeUndefined();
    await outbox.createSlot();
    await started;
    await emit(outbox.sql, ['a']);
    await hasRecords(records, 1);
  });

  it('takes over from our own relay and hands back to it, with nothing lost and nothing out of order', async () => {
    const client = clientUnderTest();
    const publisher = kafkaPublisher(client.kafka, 'the relay of the test');
    const own = () => outbox.startRelay({ ...client, publisher, topicPrefix: topics.prefix });
    const rounds = ['own', 'debezium', 'own again', 'debezium again'];
    for (const [at, round] of rounds.entries()) {
      // Written while none is there, and while one is.
      await emit(outbox.sql, [`${round} 1`, `${round} 2`], 'key');
      const running = at % 2 === 0 ? own() : await debezium.start();
      await emit(outbox.sql, [`${round} 3`], 'key');
      await eventually(() => values(records).includes(`${round} 3`), `${round} has published`);
      await (running ?? debezium).stop();
    }
    await publisher.close();
    const expected = rounds.flatMap((round) => [`${round} 1`, `${round} 2`, `${round} 3`]);
    expect([...new Set(values(records))]).toEqual(expected);
  });
});

// Behind all the others, which still need the worker.
afterAll(async () => {
  await worker.stop();
  rmSync(dataDir, { recursive: true, force: true });
});
