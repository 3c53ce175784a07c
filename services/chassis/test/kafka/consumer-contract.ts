import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type RunningConsumer, startConsumer } from '../../src/kafka/consumer/consumer.ts';
import type { GroupMembership } from '../../src/kafka/patches/group-membership.ts';
import type { KafkaRecord, RecordSink } from '../../src/kafka/record.ts';
import { eventually } from '../testing/eventually.ts';
import { brokerDoor, type ClientUnderTest, clientBehindProxy, clientUnderTest, Topics } from './real-kafka.ts';

/** A sink whose room and progress the test decides. */
class Sink implements RecordSink {
  readonly pushes: { records: readonly KafkaRecord[]; handle(): void }[] = [];
  /** Handles everything at once. */
  diligent = false;
  #room: Promise<void> = Promise.resolve();
  #giveRoom: () => void = () => undefined;

  full(): void {
    this.#room = new Promise((resolve) => {
      this.#giveRoom = resolve;
    });
  }
  giveRoom(): void {
    this.#room = Promise.resolve();
    this.#giveRoom();
  }

  push(records: readonly KafkaRecord[]): { room: Promise<void>; handled: Promise<void> } {
    let handle: () => void = () => undefined;
    const handled = new Promise<void>((resolve) => {
      handle = resolve;
    });
    this.pushes.push({ records, handle });
    if (this.diligent) handle();
    return { room: this.#room, handled };
  }

  get texts(): string[] {
    return this.pushes.flatMap(({ records }) => records.map(({ value }) => String(value)));
  }
}

/** What a consumer keeps, on the real broker. */
export function consumerContract(): void {
  let topics: Topics;
  let client: ClientUnderTest;
  let sink: Sink;
  let running: RunningConsumer[];
  beforeEach(async () => {
    topics = new Topics();
    await topics.admin.connect();
    client = clientUnderTest();
    sink = new Sink();
    running = [];
  });
  afterEach(async () => {
    await Promise.all(running.map((consumer) => consumer.stop(0)));
    await topics.close();
  });

  const group = () => `${topics.prefix}group`;
  function consume(topic: string, into: RecordSink = sink, by: ClientUnderTest = client): RunningConsumer {
    const consumer = startConsumer({ kafka: by.kafka, groupId: group(), topics: [topic], sink: into, log: by.log });
    running.push(consumer);
    return consumer;
  }
  const pushed = (count: number, into = sink) =>
    eventually(() => into.texts.length >= count, `${count} records are pushed`);
  const commits = (topic: string, offset: number) =>
    eventually(async () => (await topics.committed(group(), topic)) === offset, `offset ${offset} is committed`);

  describe('what a consumer pushes', () => {
    it('is everything from the beginning, in order, with its headers as text', async () => {
      const topic = await topics.create('order.events');
      const producer = topics.kafka.producer();
      await producer.connect();
      const headers = { ce_id: 'event-1', twice: ['first', 'last'] };
      await producer.send({
        topic,
        messages: [{ key: 'key', value: 'a', headers, timestamp: '1795245361446' }, { value: null }],
      });
      await producer.disconnect();
      consume(topic);
      await pushed(2);
      const records = sink.pushes.flatMap(({ records }) => records.map(({ original: _, ...record }) => record));
      expect(records).toEqual([
        {
          topic,
          partition: 0,
          offset: '0',
          timestampMs: 1_795_245_361_446,
          key: Buffer.from('key'),
          value: Buffer.from('a'),
          headers: { ce_id: 'event-1', twice: 'last' },
        },
        expect.objectContaining({ offset: '1', key: null, value: null, headers: {} }),
      ]);
    });

    it('is also what lies in partitions that were added, from their first record, without a restart', async () => {
      const topic = await topics.create('order.events');
      await topics.send(topic, ['a']);
      consume(topic);
      await pushed(1);
      await topics.admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] });
      await topics.send(topic, ['b', 'c'], 1);
      await topics.send(topic, ['d'], 2);
      await eventually(() => new Set(sink.texts).size === 4, 'the new partitions are read');
      // What was not handled when the partitions were shared out anew has come again.
      expect([...new Set(sink.texts)].sort()).toEqual(['a', 'b', 'c', 'd']);
    });
  });

  describe('an offset', () => {
    it('is committed only after its records are handled', async () => {
      const topic = await topics.create('order.events');
      await topics.send(topic, ['a', 'b', 'c']);
      consume(topic);
      await pushed(3);
      await sleep(600);
      expect(await topics.committed(group(), topic)).toBeUndefined();
      sink.pushes[0]?.handle();
      await commits(topic, 3);
    });

    it('does not pass records that are not handled, when later ones are', async () => {
      const topic = await topics.create('order.events');
      consume(topic);
      for (const [at, text] of ['a', 'b', 'c'].entries()) {
        await topics.send(topic, [text]);
        await pushed(at + 1);
      }
      expect(sink.pushes).toHaveLength(3);
      sink.pushes[2]?.handle();
      sink.pushes[0]?.handle();
      await commits(topic, 1);
      sink.pushes[1]?.handle();
      await commits(topic, 3);
    });

    it('that is no longer in the log is reported loudly, and reading goes on from the earliest record', async () => {
      const topic = await topics.create('order.events');
      await topics.send(
        topic,
        Array.from({ length: 10 }, (_, at) => String(at)),
      );
      await topics.admin.setOffsets({ groupId: group(), topic, partitions: [{ partition: 0, offset: '3' }] });
      await topics.admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '6' }] });
      consume(topic);
      await pushed(4);
      expect(sink.texts).toEqual(['6', '7', '8', '9']);
      const told = (): string[] => client.complaints.filter((line) => line.includes('is not in the log'));
      await eventually(() => told().length > 0, 'the loss is told');
      const loud = told();
      expect(loud).toHaveLength(1);
      expect(loud[0]).toContain(`group ${group()} had committed in ${topic}/0`);
      expect(loud[0]).toContain('at most 3 records were deleted before this group had read them');
      expect(client.readiness.ready).toBe(true);
    });

    it('that records were deleted behind while the sink was full is reported with how many are lost', async () => {
      const topic = await topics.create('order.events');
      sink.full();
      consume(topic);
      await topics.send(topic, ['a', 'b']);
      await pushed(2);
      await topics.send(topic, ['c', 'd', 'e', 'f', 'g']);
      // kafkajs deletes only from topics that its admin has met.
      await topics.admin.fetchTopicOffsets(topic);
      await topics.admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '6' }] });
      sink.giveRoom();
      await pushed(3);
      expect(sink.texts).toEqual(['a', 'b', 'g']);
      await eventually(() => client.complaints.some((line) => line.includes('at most 4 records')), 'the loss is told');
    });
  });

  describe('a consumer that goes away', () => {
    it('without having handled its records leaves them to the next one', async () => {
      const topic = await topics.create('order.events');
      await topics.send(topic, ['a', 'b']);
      const first = consume(topic);
      await pushed(2);
      await first.stop(0);
      const next = new Sink();
      consume(topic, next);
      await pushed(2, next);
      expect(next.texts).toEqual(['a', 'b']);
    });

    it('handles, commits and leaves its group, so that the next one starts at once and repeats nothing', async () => {
      const topic = await topics.create('order.events');
      await topics.send(topic, ['a', 'b']);
      const first = consume(topic);
      await pushed(2);
      const stopped = first.stop();
      for (const push of sink.pushes) push.handle();
      await stopped;
      expect(await topics.committed(group(), topic)).toBe(2);
      // Had it not left, its place would be kept for the session time-out.
      const { groups } = await topics.admin.describeGroups([group()]);
      expect(groups.map(({ members }) => members)).toEqual([[]]);
      await topics.send(topic, ['c']);
      const next = new Sink();
      consume(topic, next);
      await pushed(1, next);
      expect(next.texts).toEqual(['c']);
    });

    it('waits for what is being handled, and no longer than it was told', async () => {
      const topic = await topics.create('order.events');
      await topics.send(topic, ['a']);
      const consumer = consume(topic);
      await pushed(1);
      const came: string[] = [];
      // Timers of one length go off in the order in which they were set.
      const bound = sleep(300).then(() => came.push('the bound'));
      await Promise.all([bound, consumer.stop(300).then(() => came.push('the stop'))]);
      expect(came).toEqual(['the bound', 'the stop']);
      expect(await topics.committed(group(), topic)).toBeUndefined();
    });
  });

  describe('a sink that is full', () => {
    it('stops the fetching, and the consumer stays in its group for longer than a session', async () => {
      const topic = await topics.create('order.events');
      sink.full();
      consume(topic);
      await topics.send(topic, ['a']);
      await pushed(1);
      await topics.send(topic, ['b', 'c']);
      await sleep(7_500);
      expect(sink.texts).toEqual(['a']);
      sink.giveRoom();
      await pushed(3);
      expect(sink.texts).toEqual(['a', 'b', 'c']);
    });

    it('is not what others wait for: fetching goes on while records are being handled', async () => {
      const topic = await topics.create('order.events');
      consume(topic);
      await topics.send(topic, ['a']);
      await pushed(1);
      await topics.send(topic, ['b']);
      await pushed(2);
      expect(await topics.committed(group(), topic)).toBeUndefined();
    });
  });

  describe('several consumers of a group', () => {
    /** Of numbers, each in the partition that is its remainder. */
    const keepsTheOrderOfEachPartition = ({ texts }: Sink): void => {
      for (let p = 0; p < 6; p += 1) {
        const own = [...new Set(texts.map(Number).filter((n) => n % 6 === p))];
        expect(own).toEqual([...own].sort((a, b) => a - b));
      }
    };

    it('share the partitions; joining and leaving loses nothing and keeps the order of each partition', async () => {
      const topic = await topics.create('order.events', 6);
      const first = consume(topic);
      sink.diligent = true;
      const second = new Sink();
      second.diligent = true;
      let total = 0;
      let handedOver = false;
      const sending = (async () => {
        for (; total < 600 || !handedOver; total += 6) {
          await Promise.all([0, 1, 2, 3, 4, 5].map((p) => topics.send(topic, [String(total + p)], p)));
        }
      })();
      try {
        await pushed(60);
        consume(topic, second);
        await eventually(() => second.texts.length > 0, 'the second one got partitions');
        await first.stop();
      } finally {
        handedOver = true;
        await sending;
      }
      const all = () => new Set([...sink.texts, ...second.texts]);
      await eventually(() => all().size === total, 'every record was pushed');
      for (const one of [sink, second]) keepsTheOrderOfEachPartition(one);
      for (let p = 0; p < 6; p += 1) {
        await eventually(
          async () => (await topics.committed(group(), topic, p)) === total / 6,
          `partition ${p} is committed`,
        );
      }
    });

    it('of which one comes and one goes every two seconds lose nothing, and keep the order of each partition', async () => {
      const topic = await topics.create('order.events', 6);
      const sinks: Sink[] = [];
      let sent = 0;
      let going = true;
      const sending = (async () => {
        for (; going; sent += 6) {
          await Promise.all([0, 1, 2, 3, 4, 5].map((p) => topics.send(topic, [String(sent + p)], p)));
        }
      })();
      for (let turn = 0; turn < 6; turn += 1) {
        const next = new Sink();
        next.diligent = true;
        sinks.push(next);
        consume(topic, next);
        await sleep(2_000);
        // Every other one without a word of what it has handled.
        if (turn > 0) await running[turn - 1]?.stop(turn % 2 === 0 ? 0 : undefined);
      }
      going = false;
      await sending;
      const seen = () => new Set(sinks.flatMap(({ texts }) => texts)).size;
      await eventually(() => seen() === sent, `all ${sent} records were pushed (${seen()} were)`);
      for (const one of sinks) keepsTheOrderOfEachPartition(one);
    }, 60_000);
  });

  describe('trouble', () => {
    it('of a broker that is away is waited out, and said at readiness', async () => {
      const topic = await topics.create('order.events');
      await topics.send(topic, ['a']);
      const door = await brokerDoor();
      const late = clientUnderTest([door.address]);
      try {
        consume(topic, sink, late);
        await eventually(() => !late.readiness.ready, 'readiness says that Kafka is away');
        expect(late.readiness.reasons.kafka).toContain(`the consumer group ${group()} waits and tries again by itself`);
        door.open();
        await pushed(1);
        await eventually(() => late.readiness.ready, 'readiness is well again');
      } finally {
        await door.close();
      }
    });

    it('with the way to the broker, cut again and again, is waited out; every record comes, and is committed', async () => {
      const topic = await topics.create('order.events');
      const cut = await clientBehindProxy();
      const cutting = setInterval(() => cut.proxy.cutAll(), 700);
      try {
        sink.diligent = true;
        consume(topic, sink, cut);
        const wanted = Array.from({ length: 20 }, (_, at) => String(at));
        for (const text of wanted) await topics.send(topic, [text]).then(() => sleep(150));
        await eventually(() => new Set(sink.texts).size === wanted.length, 'every record was pushed');
        expect([...new Set(sink.texts)]).toEqual(wanted);
        clearInterval(cutting);
        await commits(topic, wanted.length);
      } finally {
        clearInterval(cutting);
        await Promise.all(running.map((consumer) => consumer.stop(0)));
        await cut.proxy.close();
      }
    }, 60_000);

    it('of a topic that is not there yet is waited out; nothing creates it', async () => {
      consume(`${topics.prefix}late`);
      await eventually(() => !client.readiness.ready, 'readiness says that a topic is missing');
      expect(client.readiness.reasons.kafka).toContain('lacks a topic');
      const topic = await topics.create('late');
      await topics.send(topic, ['a']);
      await pushed(1);
    });

    it('of a sink that throws replaces the consumer, and the records come again', async () => {
      const topic = await topics.create('order.events');
      await topics.send(topic, ['a', 'b']);
      let broken = true;
      const moody: RecordSink = {
        push: (records) => {
          if (broken) throw new TypeError('a bug');
          return sink.push(records);
        },
      };
      consume(topic, moody);
      await eventually(() => !client.readiness.ready, 'the consumer broke');
      broken = false;
      await pushed(2);
      expect(sink.texts).toEqual(['a', 'b']);
    });

    it('while it is being stopped does not hold the stop up', async () => {
      const door = await brokerDoor();
      const consumer = consume('any', sink, clientUnderTest([door.address]));
      const startedAt = Date.now();
      await consumer.stop();
      expect(Date.now() - startedAt).toBeLessThan(10_000);
      await door.close();
    });
  });

  describe('the place of a consumer in its group', () => {
    /** Joins, and tells under which name. */
    async function join(topic: string, place: GroupMembership): Promise<{ memberId: string; leave(): Promise<void> }> {
      const consumer = client.kafka.consumer({ groupId: group(), maxWaitTimeInMs: 100 }, place);
      const joined = new Promise<string>((resolve) => {
        consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => resolve(payload.memberId));
      });
      await consumer.connect();
      await consumer.subscribe({ topics: [topic] });
      await consumer.run({ eachMessage: async () => undefined });
      return { memberId: await joined, leave: () => consumer.disconnect() };
    }

    it('is taken by the next one when it could not leave, so that the broker waits for nobody', async () => {
      const topic = await topics.create('order.events');
      const place: GroupMembership = { memberId: undefined };
      const first = await join(topic, place);
      const second = await join(topic, place);
      expect(second.memberId).toBe(first.memberId);
      await Promise.all([first.leave(), second.leave()]);
    });

    it('is a new one when the broker does not know it any more', async () => {
      const topic = await topics.create('order.events');
      const place: GroupMembership = { memberId: undefined };
      const first = await join(topic, place);
      await first.leave();
      const second = await join(topic, place);
      expect(second.memberId).not.toBe(first.memberId);
      await second.leave();
    });
  });
}
