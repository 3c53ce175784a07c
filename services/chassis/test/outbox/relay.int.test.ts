import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { kafkaPublisher, type OutgoingRecord, type Publisher } from '../../src/kafka/producer.ts';
import { unobserved } from '../../src/outbox/relay/observer.ts';
import { type ClientUnderTest, clientUnderTest, hasRecords, Topics, values } from '../kafka/real-kafka.ts';
import { eventually } from '../testing/eventually.ts';
import { emit, RealOutbox } from './real-outbox.ts';

let topics: Topics;
let client: ClientUnderTest;
let publisher: Publisher;
let outbox: RealOutbox;
let messages: Awaited<ReturnType<Topics['read']>>;

beforeEach(async () => {
  client = clientUnderTest();
  publisher = kafkaPublisher(client.kafka, 'the relay of the test');
  topics = new Topics();
  await topics.admin.connect();
  const topic = await topics.create('order.events');
  messages = await topics.read(topic);
  outbox = await RealOutbox.create();
});
afterEach(async () => {
  await outbox.close();
  await publisher.close();
  await topics.close();
});

const start = (own: Partial<Parameters<RealOutbox['startRelay']>[0]> = {}) =>
  outbox.startRelay({ ...client, publisher, topicPrefix: topics.prefix, ...own });
const payloads = () => values(messages);
const isActive = async () => (await outbox.slotState())?.active === true;

/** A publisher that stores some requests and then never answers: the moment in which a process is killed. */
function silentAfter(answered: number): Publisher & { readonly stored: OutgoingRecord[][] } {
  const stored: OutgoingRecord[][] = [];
  return {
    stored,
    async publish(records) {
      await publisher.publish(records);
      stored.push([...records]);
      if (stored.length > answered) await new Promise(() => undefined);
    },
    close: async () => undefined,
  };
}

describe('what the relay puts on the topic', () => {
  it('is the key, the value and the headers of the wire conventions, byte for byte', async () => {
    start();
    const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const payload = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    await outbox.sql.query(
      `INSERT INTO chassis.outbox VALUES ('0190f3c8-0000-7000-8000-000000000001', 'order', 'order-1', 'troupe.order.OrderCreated',
         $1, '1.0', '/troupe/order', '2026-11-21T07:00:00.000Z', 'order-1', 'cause-1', 'application/avro', $2, 'vendor=ö')`,
      [payload, trace],
    );
    await hasRecords(messages, 1);
    const [record] = messages;
    expect(String(record?.key)).toBe('order-1');
    expect(record?.value).toEqual(payload);
    expect(Object.entries(record?.headers ?? {}).map(([name, value]) => [name, String(value)])).toEqual([
      ['ce_specversion', '1.0'],
      ['ce_id', '0190f3c8-0000-7000-8000-000000000001'],
      ['ce_type', 'troupe.order.OrderCreated'],
      ['ce_source', '/troupe/order'],
      ['ce_subject', 'order-1'],
      ['ce_time', '2026-11-21T07:00:00.000Z'],
      ['content-type', 'application/avro'],
      ['ce_correlationid', 'order-1'],
      ['ce_causationid', 'cause-1'],
      ['ce_depth', '1'],
      ['traceparent', trace],
      ['tracestate', 'vendor=ö'],
    ]);
  });

  it('comes in the order of commits, whatever the order of inserts; what is rolled back never comes', async () => {
    start();
    const long = await outbox.connect();
    const undone = await outbox.connect();
    await long.query('BEGIN');
    await undone.query('BEGIN');
    await emit(long, ['long 1']);
    await emit(undone, ['undone']);
    await emit(outbox.sql, ['short 1', 'short 2', 'short 3']);
    await emit(long, ['long 2']);
    await undone.query('ROLLBACK');
    await emit(outbox.sql, ['short 4']);
    await long.query('COMMIT');
    await emit(outbox.sql, ['last']);
    await hasRecords(messages, 7);
    expect(payloads()).toEqual(['short 1', 'short 2', 'short 3', 'short 4', 'long 1', 'long 2', 'last']);
  });

  it('keeps the order of each key over many concurrent transactions', async () => {
    start();
    const writers = await Promise.all(Array.from({ length: 8 }, () => outbox.connect()));
    await Promise.all(
      writers.map(async (writer, key) => {
        for (let at = 0; at < 50; at += 1)
          await emit(writer, [`${key}:${2 * at}`, `${key}:${2 * at + 1}`], `key ${key}`);
      }),
    );
    await hasRecords(messages, 800);
    for (const key of writers.keys()) {
      const own = payloads().filter((label) => label.startsWith(`${key}:`));
      expect(own).toEqual(Array.from({ length: 100 }, (_, at) => `${key}:${at}`));
    }
  });

  it('includes a transaction far larger than what is gathered in memory, whole and in order', async () => {
    start();
    const labels = Array.from({ length: 25_000 }, (_, at) => `row ${at}`);
    await emit(outbox.sql, labels);
    await hasRecords(messages, 25_000);
    expect(payloads()).toEqual(labels);
  });
});

describe('a relay that dies', () => {
  it('between publish and acknowledgement: the next one publishes again, and nothing is missing', async () => {
    const dying = silentAfter(0);
    start({ publisher: dying });
    await emit(outbox.sql, ['a', 'b', 'c']);
    await eventually(() => dying.stored.length === 1, 'the rows are published, not acknowledged');
    await outbox.cutRelay();
    start();
    await emit(outbox.sql, ['d']);
    await hasRecords(messages, 7);
    expect(payloads()).toEqual(['a', 'b', 'c', 'a', 'b', 'c', 'd']);
  });

  it('in the middle of a transaction that is published in pieces: the next one publishes all of it, in order', async () => {
    const labels = Array.from({ length: 5_000 }, (_, at) => `row ${at}`);
    const dying = silentAfter(1);
    start({ publisher: dying });
    await emit(outbox.sql, labels);
    await eventually(() => dying.stored.length === 2, 'a part of it is published');
    const part = labels.slice(0, dying.stored.flat().length);
    expect(part.length).toBeLessThan(labels.length);
    await outbox.cutRelay();
    start();
    await hasRecords(messages, part.length + labels.length);
    expect(payloads()).toEqual([...part, ...labels]);
  });

  it('right behind an acknowledged transaction: the one whose commit lies next to it is published again', async () => {
    const later = await outbox.connect();
    const dying = silentAfter(1);
    start({ publisher: dying });
    await eventually(isActive, 'the relay has the slot');
    await later.query('BEGIN');
    await emit(later, ['later']);
    await emit(outbox.sql, ['sooner']);
    const end = await outbox.walEnd();
    await eventually(() => outbox.hasPassed(end), 'everything so far is acknowledged');
    // Unless another test has written meanwhile, this commit record begins where the acknowledged one ends.
    await later.query('COMMIT');
    await eventually(() => dying.stored.length === 2, 'the later one is published, not acknowledged');
    await outbox.cutRelay();
    start();
    await emit(outbox.sql, ['last']);
    await eventually(() => payloads().includes('last'), 'the next relay has published');
    expect(payloads()).toEqual(['sooner', 'later', 'later', 'last']);
  });

  it('while another stands by: the other takes over, and stays quiet until then', async () => {
    const actives: string[] = [];
    const named = (name: string) => ({
      ...unobserved,
      active: (active: boolean) => void (active && actives.push(name)),
    });
    const first = start({ observer: named('first') });
    await eventually(isActive, 'the first relay has the slot');
    start({ observer: named('second') });
    await emit(outbox.sql, ['a']);
    await hasRecords(messages, 1);
    await first.stop();
    await emit(outbox.sql, ['b']);
    await hasRecords(messages, 2);
    expect(payloads()).toEqual(['a', 'b']);
    expect(actives).toEqual(['first', 'second']);
    expect(client.readiness.reasons).toEqual({});
  });

  it('because its connection is cut: comes back by itself, and nothing is missing', async () => {
    start();
    for (let round = 0; round < 5; round += 1) {
      await eventually(isActive, 'the relay has the slot');
      await emit(outbox.sql, [`before ${round}`]);
      await outbox.cutRelay();
      await emit(outbox.sql, [`after ${round}`]);
    }
    const all = Array.from({ length: 5 }, (_, round) => [`before ${round}`, `after ${round}`]).flat();
    await eventually(() => new Set(payloads()).size === all.length, 'every row is on the topic');
    // A row may come twice; for the first time it comes in order.
    expect([...new Set(payloads())]).toEqual(all);
  });
});

describe('a relay that is stopped', () => {
  it('has acknowledged what it published: nothing is published twice', async () => {
    const first = start();
    await emit(outbox.sql, ['a', 'b']);
    await hasRecords(messages, 2);
    await first.stop();
    expect(await isActive()).toBe(false);
    start();
    await emit(outbox.sql, ['c']);
    await hasRecords(messages, 3);
    expect(payloads()).toEqual(['a', 'b', 'c']);
  });

  it('while the broker does not answer gives up after its bound, and leaves the rows to the next one', async () => {
    const dying = silentAfter(0);
    const first = start({ publisher: dying });
    await emit(outbox.sql, ['a']);
    await eventually(() => dying.stored.length === 1, 'the request is on its way');
    const startedAt = Date.now();
    await first.stop(300);
    // Its bound, and not that of 5 s which it has without one.
    expect(Date.now() - startedAt).toBeLessThan(5_000);
    start();
    await hasRecords(messages, 2);
    expect(payloads()).toEqual(['a', 'a']);
  });

  it('in the middle of a load leaves no gap and no doubles', async () => {
    let relay = start();
    const labels = Array.from({ length: 60 }, (_, at) => [`${at}a`, `${at}b`]);
    for (const [at, pair] of labels.entries()) {
      await emit(outbox.sql, pair);
      if (at % 20 !== 10) continue;
      await relay.stop();
      relay = start();
    }
    await hasRecords(messages, 120);
    expect(payloads()).toEqual(labels.flat());
  });
});

describe('the write-ahead log', () => {
  it('is not kept for an idle outbox while another database is busy', async () => {
    start();
    await eventually(isActive, 'the relay has the slot');
    const busy = await RealOutbox.create({ withSlot: false });
    try {
      const before = await outbox.sql.query('SELECT pg_current_wal_lsn() AS lsn');
      await busy.sql.query(
        'CREATE TABLE noise AS SELECT repeat(md5(n::text), 20) AS t FROM generate_series(1, 50000) AS n',
      );
      const confirmed = async () => {
        const { rows } = await outbox.sql.query(
          `SELECT pg_wal_lsn_diff(confirmed_flush_lsn, $2::pg_lsn)::float8 AS ahead
           FROM pg_replication_slots WHERE slot_name = $1`,
          [outbox.slot, before.rows[0].lsn],
        );
        return Number(rows[0].ahead) > 20_000_000;
      };
      await eventually(confirmed, 'the idle slot has moved on by 20 MB');
    } finally {
      await busy.close();
    }
  });

  it('is kept while the broker does not answer, and let go afterwards', async () => {
    let open: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    start({
      publisher: { publish: (records) => opened.then(() => publisher.publish(records)), close: async () => undefined },
    });
    await emit(outbox.sql, ['a']);
    const lag = async () => (await outbox.slotState())?.lag ?? 0;
    await outbox.sql.query(
      'CREATE TABLE noise AS SELECT repeat(md5(n::text), 20) AS t FROM generate_series(1, 5000) AS n',
    );
    const end = await outbox.walEnd();
    expect(await lag()).toBeGreaterThan(2_000_000);
    open();
    await hasRecords(messages, 1);
    await eventually(() => outbox.hasPassed(end), 'the slot has caught up');
  });
});

it('keeps memory bounded while the broker is slow', async () => {
  const waiting: number[] = [];
  let slow = true;
  start({
    publisher: {
      publish: async (records) => {
        if (slow) await new Promise((resolve) => setTimeout(resolve, 20));
        await publisher.publish(records);
      },
      close: async () => undefined,
    },
    observer: { ...unobserved, sending: (records, left) => void waiting.push(records.length + left) },
  });
  for (let round = 0; round < 60; round += 1) {
    await emit(
      outbox.sql,
      Array.from({ length: 1_000 }, (_, at) => `${round * 1_000 + at}`),
    );
  }
  slow = false;
  await hasRecords(messages, 60_000);
  expect(Math.max(...waiting)).toBeLessThan(12_000);
  expect(payloads()).toEqual(Array.from({ length: 60_000 }, (_, at) => String(at)));
});

describe('a slot under the name of ours', () => {
  it('that is of another kind is refused with the remedy, and left alone', async () => {
    const own = clientUnderTest();
    const odd = await RealOutbox.create({ withSlot: false });
    try {
      await odd.sql.query("SELECT pg_create_logical_replication_slot($1, 'test_decoding')", [odd.slot]);
      odd.startRelay({ ...own, publisher, topicPrefix: topics.prefix });
      await eventually(() => !own.readiness.ready, 'the relay says that it cannot work');
      expect(own.readiness.reasons.relay).toContain('is not a pgoutput slot');
    } finally {
      await odd.close();
    }
  });
});

it('says that the database is away, and tries again', async () => {
  const own = clientUnderTest();
  const { startRelay } = await import('../../src/outbox/relay/logical-relay.ts');
  const relay = startRelay({
    ...own,
    publisher,
    topicPrefix: '',
    observer: unobserved,
    slot: 'any',
    connectionString: 'postgresql://nobody@127.0.0.1:1/nothing',
  });
  await eventually(() => !own.readiness.ready, 'the relay says that it cannot work');
  expect(own.readiness.reasons.relay).toContain('connect ECONNREFUSED 127.0.0.1:1');
  await relay.stop();
});
