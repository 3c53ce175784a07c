import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { kafkaPublisher, type Publisher } from '../../src/kafka/producer.ts';
import { unobserved } from '../../src/outbox/relay/observer.ts';
import { type ClientUnderTest, clientUnderTest, hasRecords, Topics, values } from '../kafka/real-kafka.ts';
import { eventually } from '../testing/eventually.ts';
import { emit, firstTimes, gated, RealOutbox, writeOn } from './real-outbox.ts';

let topics: Topics;
let client: ClientUnderTest;
let publisher: Publisher;
let outbox: RealOutbox;
let events: Awaited<ReturnType<Topics['read']>>;
let deadLetters: Awaited<ReturnType<Topics['read']>>;
let recoveries: number;

beforeEach(async () => {
  client = clientUnderTest();
  publisher = kafkaPublisher(client.kafka, 'the relay of the test');
  topics = new Topics();
  recoveries = 0;
  await topics.admin.connect();
  events = await topics.read(await topics.create('order.events'));
  deadLetters = await topics.read(await topics.create('order.dlq'));
});
afterEach(async () => {
  await outbox.close();
  await publisher.close();
  await topics.close();
});

const observer = {
  ...unobserved,
  recovering: () => {
    recoveries += 1;
  },
};
const start = (own: Partial<Parameters<RealOutbox['startRelay']>[0]> = {}) =>
  outbox.startRelay({ ...client, publisher, topicPrefix: topics.prefix, observer, ...own });
const rows = (count: number) => Array.from({ length: count }, (_, at) => `row:${at}`);

async function recovery(): Promise<{ cause: string; finished: boolean } | undefined> {
  const { rows } = await outbox.sql.query(
    'SELECT cause, finished_at IS NOT NULL AS finished FROM chassis.relay_recovery WHERE slot = $1',
    [outbox.slot],
  );
  return rows[0];
}

async function dropSlot(): Promise<void> {
  await outbox.crashRelays();
  await eventually(async () => (await outbox.slotState())?.active === false, 'nobody has the slot');
  await outbox.sql.query('SELECT pg_drop_replication_slot($1)', [outbox.slot]);
}

/** Every row of both tables is on its topic; along each key they came in order. */
async function everythingIsPublished(): Promise<void> {
  for (const [table, messages] of [
    ['outbox', events],
    ['dead_letter_outbox', deadLetters],
  ] as const) {
    const kept = await outbox.kept(table);
    await eventually(() => new Set(values(messages)).size >= kept.length, `every row of ${table} is published`);
    expect(firstTimes(values(messages))).toEqual(firstTimes(kept));
  }
}

describe('a replication slot that is dropped', () => {
  it('under load loses nothing, and reorders nothing within a key', async () => {
    outbox = await RealOutbox.create();
    const broker = gated(publisher);
    start({ publisher: broker });
    const load = writeOn(await Promise.all([0, 1, 2, 3].map(() => outbox.connect())));
    await eventually(() => events.length > 200, 'the relay publishes');
    broker.shut();
    await eventually(() => broker.held > 0, 'rows are received that the broker has not got');
    await dropSlot();
    const before = (await outbox.kept()).length;
    await eventually(async () => (await outbox.kept()).length > before + 100, 'rows are written without a slot');
    broker.open();
    await eventually(async () => (await recovery())?.finished === true, 'the slot is repaired');
    await load.stop();
    await everythingIsPublished();
    expect(await recovery()).toEqual({ cause: 'it does not exist', finished: true });
    expect(recoveries).toBe(1);
  });

  it('is told at readiness and in the log while its rows are published again, and not after', async () => {
    outbox = await RealOutbox.create({ withSlot: false });
    await emit(outbox.sql, rows(3));
    const broker = gated(publisher);
    broker.shut();
    start({ publisher: broker });
    await eventually(() => broker.held > 0, 'the rows are on their way again');
    expect(client.readiness.reasons.relay).toContain(
      `The replication slot ${outbox.slot} was lost (it does not exist). Re-publishing the 3 rows that the outbox keeps`,
    );
    expect(client.complaints.filter((line) => line.includes('was lost'))).toHaveLength(1);
    broker.open();
    await eventually(() => client.readiness.ready, 'the relay is well again');
    await emit(outbox.sql, ['row:3']);
    await hasRecords(events, 4);
    expect(values(events)).toEqual(rows(4));
  });

  it('is met by two relays at the same time: one repairs it, once', async () => {
    outbox = await RealOutbox.create({ withSlot: false });
    await emit(outbox.sql, rows(3_000));
    start();
    start();
    await hasRecords(events, 3_000);
    await emit(outbox.sql, ['last']);
    await eventually(() => values(events).includes('last'), 'the new slot is used');
    expect(values(events)).toEqual([...rows(3_000), 'last']);
    expect(recoveries).toBe(1);
  });
});

describe('a relay that dies while it publishes again', () => {
  it.each([0, 1, 2])('after %i requests: the next one does it all again, and nothing is missing', async (answered) => {
    outbox = await RealOutbox.create({ withSlot: false });
    await emit(outbox.sql, rows(3_000));
    let requests = 0;
    const dying: Publisher = {
      publish: (records) => (++requests > answered ? new Promise(() => undefined) : publisher.publish(records)),
      close: async () => undefined,
    };
    start({ publisher: dying });
    await eventually(() => requests > answered, 'the rows are on their way again');
    expect(await recovery()).toEqual({ cause: 'it does not exist', finished: false });
    expect(await outbox.slotState()).toMatchObject({ active: false });
    await outbox.crashRelays();
    start();
    await emit(outbox.sql, ['row:3000']);
    await eventually(() => values(events).includes('row:3000'), 'the next relay has published');
    expect(firstTimes(values(events))).toEqual({ row: rows(3_001) });
    await eventually(async () => (await recovery())?.finished === true, 'the slot is repaired');
  });
});
