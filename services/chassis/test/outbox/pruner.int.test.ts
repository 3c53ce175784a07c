import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { v7 } from 'uuid';
import { kafkaPublisher, type Publisher } from '../../src/kafka/producer.ts';
import { type RunningPruner, startOutboxPruner } from '../../src/outbox/pruner.ts';
import { type ClientUnderTest, clientUnderTest, hasRecords, Topics } from '../kafka/real-kafka.ts';
import { eventually } from '../testing/eventually.ts';
import { emit, gated, RealOutbox } from './real-outbox.ts';

const HOUR = 60 * 60 * 1000;

let topics: Topics;
let client: ClientUnderTest;
let publisher: Publisher;
let broker: ReturnType<typeof gated>;
let outbox: RealOutbox;
let events: Awaited<ReturnType<Topics['read']>>;
let pruner: RunningPruner | undefined;

beforeEach(async () => {
  client = clientUnderTest();
  publisher = kafkaPublisher(client.kafka, 'the relay of the test');
  broker = gated(publisher);
  topics = new Topics();
  await topics.admin.connect();
  events = await topics.read(await topics.create('order.events'));
  outbox = await RealOutbox.create();
  outbox.startRelay({ ...client, publisher: broker, topicPrefix: topics.prefix });
});
afterEach(async () => {
  await pruner?.stop();
  await outbox.close();
  await publisher.close();
  await topics.close();
});

const startPruner = () => {
  const { url: connectionString, slot } = outbox;
  pruner = startOutboxPruner({ connectionString, slot, retentionMs: HOUR, log: client.log, everyMs: 20 });
};

/** Rows whose ids say that they are two hours old. */
async function emitOld(labels: readonly string[], by = outbox.sql): Promise<void> {
  await emit(by, labels);
  for (const label of labels) {
    const id = v7({ msecs: Date.now() - 2 * HOUR });
    await by.query(`UPDATE chassis.outbox SET id = $1 WHERE convert_from(payload, 'UTF8') = $2`, [id, label]);
  }
}

async function emitNew(label: string): Promise<void> {
  await emit(outbox.sql, [label]);
  await outbox.sql.query(`UPDATE chassis.outbox SET id = $1 WHERE convert_from(payload, 'UTF8') = $2`, [v7(), label]);
}

/** Waits until the pruner has asked this many times whether the slot has come by. */
async function asksTheSlot(times: number): Promise<void> {
  const seen = new Set<string>();
  await eventually(async () => {
    const { rows } = await outbox.sql.query<{ at: string }>(
      `SELECT query_start::text AS at FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%AS confirmed FROM%'`,
    );
    for (const { at } of rows) seen.add(at);
    return seen.size >= times;
  }, `the pruner looks at the slot ${times} times`);
}

it('deletes rows that are old enough and published; younger ones stay', async () => {
  await emitNew('young');
  await emitOld(['old 1', 'old 2']);
  await hasRecords(events, 3);
  startPruner();
  await eventually(async () => (await outbox.kept()).length === 1, 'the old ones are deleted');
  expect(await outbox.kept()).toEqual(['young']);
});

it('never deletes a row that the slot has not confirmed, however old it is', async () => {
  broker.shut();
  await emitOld(['a', 'b']);
  await eventually(() => broker.held > 0, 'the rows are on their way');
  startPruner();
  await asksTheSlot(5);
  expect(await outbox.kept()).toEqual(['a', 'b']);
  broker.open();
  await eventually(async () => (await outbox.kept()).length === 0, 'what is published is deleted');
});

it('keeps a row that becomes visible later, among rows of higher positions that are deleted', async () => {
  const late = await outbox.connect();
  await late.query('BEGIN');
  await emitOld(['late'], late);
  await emitOld(['sooner']);
  await hasRecords(events, 1);
  startPruner();
  await eventually(async () => (await outbox.kept()).length === 0, 'the one that is published is deleted');
  broker.shut();
  await late.query('COMMIT');
  await eventually(() => broker.held > 0, 'the late one is on its way');
  await asksTheSlot(5);
  expect(await outbox.kept()).toEqual(['late']);
});

it('deletes nothing while the outbox is published again, though the new slot is ahead of every row', async () => {
  await emitOld(['a']);
  await hasRecords(events, 1);
  await outbox.sql.query(`INSERT INTO chassis.relay_recovery (slot, cause) VALUES ($1, 'test')`, [outbox.slot]);
  startPruner();
  await asksTheSlot(5);
  expect(await outbox.kept()).toEqual(['a']);
  await outbox.sql.query('UPDATE chassis.relay_recovery SET finished_at = now()');
  await eventually(async () => (await outbox.kept()).length === 0, 'it is deleted afterwards');
});

it('keeps a row that the broker has refused, however old it is, until somebody has decided on it', async () => {
  await emitOld(['refused', 'fine']);
  await hasRecords(events, 2);
  await outbox.sql.query(
    `INSERT INTO chassis.relay_aside (outbox, position, id, topic, error_code)
     SELECT 'outbox', position, id, 'order.events', 'MESSAGE_TOO_LARGE' FROM chassis.outbox WHERE convert_from(payload, 'UTF8') = 'refused'`,
  );
  startPruner();
  await eventually(async () => (await outbox.kept()).length === 1, 'the other one is deleted');
  await asksTheSlot(5);
  expect(await outbox.kept()).toEqual(['refused']);
});

it('does not hold up writers, and is not held up by them', async () => {
  const writer = await outbox.connect();
  await emitOld(['old 1', 'old 2']);
  await hasRecords(events, 2);
  await writer.query('BEGIN');
  await emit(writer, ['open']);
  startPruner();
  await eventually(
    async () => (await outbox.kept()).length === 0,
    'the old ones are deleted beside an open transaction',
  );
  await outbox.sql.query(`SET lock_timeout = '1ms'`);
  await emit(outbox.sql, ['other']);
  await writer.query('COMMIT');
  expect((await outbox.kept()).sort()).toEqual(['open', 'other']);
});
