import net from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { kafkaPublisher, type OutgoingRecord, type Publisher } from '../../src/kafka/producer.ts';
import { unobserved } from '../../src/outbox/relay/observer.ts';
import { type ClientUnderTest, clientUnderTest, hasRecords, Topics, values } from '../kafka/real-kafka.ts';
import { eventually } from '../testing/eventually.ts';
import { emit, emitDead, firstTimes, RealOutbox, writeOn } from './real-outbox.ts';

let topics: Topics;
let client: ClientUnderTest;
let publisher: Publisher;
let outbox: RealOutbox;
let events: Awaited<ReturnType<Topics['read']>>;

beforeEach(async () => {
  client = clientUnderTest();
  publisher = kafkaPublisher(client.kafka, 'the relay of the test');
  topics = new Topics();
  await topics.admin.connect();
  events = await topics.read(await topics.create('order.events'));
  outbox = await RealOutbox.create({ withSlot: false });
});
afterEach(async () => {
  await outbox.close();
  await publisher.close();
  await topics.close();
});

const start = (own: Partial<Parameters<RealOutbox['startRelay']>[0]> = {}) =>
  outbox.startPollingRelay({ ...client, publisher, topicPrefix: topics.prefix, ...own });
const payloads = () => values(events);
const isEmpty = async () =>
  (await outbox.kept()).length === 0 && (await outbox.kept('dead_letter_outbox')).length === 0;

describe('the polling relay', () => {
  it('publishes both tables, and deletes what the broker has', async () => {
    const deadLetters = await topics.read(await topics.create('order.dlq'));
    await emit(outbox.sql, ['a', 'b']);
    await emitDead(outbox.sql, ['dead'], 'key');
    start();
    await hasRecords(events, 2);
    await hasRecords(deadLetters, 1);
    await eventually(isEmpty, 'the outbox is empty');
    await emit(outbox.sql, ['c']);
    await hasRecords(events, 3);
    expect(payloads()).toEqual(['a', 'b', 'c']);
    expect(values(deadLetters)).toEqual(['dead']);
  });

  it('does not pass over a row that commits after rows of higher positions', async () => {
    start();
    const late = await outbox.connect();
    await late.query('BEGIN');
    await emit(late, ['late']);
    await emit(outbox.sql, ['early']);
    await eventually(isEmpty, 'the row of the higher position is published and deleted');
    await late.query('COMMIT');
    await hasRecords(events, 2);
    expect(payloads()).toEqual(['early', 'late']);
  });

  it('keeps the order of each key while many write, whatever the order of their commits', async () => {
    await topics.create('order.dlq');
    start();
    const load = writeOn(await Promise.all([0, 1, 2, 3].map(() => outbox.connect())));
    await eventually(() => events.length > 500, 'the relay publishes');
    await load.stop();
    await eventually(isEmpty, 'everything is published');
    await eventually(() => Object.values(firstTimes(payloads())).flat().length === events.length, 'nothing came twice');
    for (const [key, labels] of Object.entries(firstTimes(payloads()))) {
      expect(labels).toEqual(labels.map((_, at) => `${key}:${at}`));
    }
  });

  it('that dies between publish and delete: the next one publishes again, and nothing is missing', async () => {
    const stored: OutgoingRecord[] = [];
    const dying: Publisher = {
      async publish(records) {
        await publisher.publish(records);
        stored.push(...records);
        await new Promise(() => undefined);
      },
      close: async () => undefined,
    };
    start({ publisher: dying });
    await emit(outbox.sql, ['a', 'b']);
    await eventually(() => stored.length === 2, 'the rows are published, not deleted');
    await outbox.crashRelays();
    start();
    await emit(outbox.sql, ['c']);
    await hasRecords(events, 5);
    expect(payloads()).toEqual(['a', 'b', 'a', 'b', 'c']);
  });

  it('stands by while another polls, and takes over when that one stops', async () => {
    const actives: string[] = [];
    const named = (name: string) => ({
      ...unobserved,
      active: (active: boolean) => void (active && actives.push(name)),
    });
    const first = start({ observer: named('first') });
    await eventually(() => actives.length === 1, 'the first polls');
    start({ observer: named('second') });
    for (let at = 0; at < 50; at += 1) await emit(outbox.sql, [`a:${at}`]);
    await first.stop();
    await emit(outbox.sql, ['last']);
    await eventually(() => payloads().includes('last'), 'the second polls');
    expect(payloads()).toEqual([...Array.from({ length: 50 }, (_, at) => `a:${at}`), 'last']);
    expect(actives).toEqual(['first', 'second']);
    expect(client.readiness.reasons).toEqual({});
  });

  it('that is stopped without a word loses its turn, and takes nothing away when it wakes', async () => {
    const door = await freezableDoor(outbox.url);
    try {
      start({ connectionString: door.url, silenceMs: 600 });
      await emit(outbox.sql, ['a']);
      await eventually(isEmpty, 'the first polls');
      door.freeze();
      const frozenAt = Date.now();
      start();
      await emit(outbox.sql, ['b']);
      await eventually(() => payloads().includes('b'), 'the second polls');
      // After the silence that it was given, and not the 15 s that it has without.
      expect(Date.now() - frozenAt).toBeLessThan(15_000);
      door.thaw();
      await emit(outbox.sql, ['c']);
      await eventually(() => payloads().includes('c'), 'everything is published');
      await eventually(isEmpty, 'everything is deleted');
      expect([...new Set(payloads())]).toEqual(['a', 'b', 'c']);
    } finally {
      door.close();
    }
  });
});

/** A way to PostgreSQL that can be frozen: nothing goes through, and everything stays open, as with a stopped process. */
async function freezableDoor(url: string) {
  const target = new URL(url);
  const sockets: net.Socket[] = [];
  const server = net.createServer((near) => {
    const far = net.connect(Number(target.port), target.hostname);
    near.pipe(far).pipe(near);
    for (const end of [near, far]) end.on('error', () => end.destroy());
    sockets.push(near, far);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const door = new URL(url);
  door.port = String((server.address() as net.AddressInfo).port);
  return {
    url: door.href,
    freeze: () => {
      for (const socket of sockets) socket.pause();
    },
    thaw: () => {
      for (const socket of sockets) socket.resume();
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
