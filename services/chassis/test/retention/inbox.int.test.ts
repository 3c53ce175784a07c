import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigResourceTypes } from 'kafkajs';
import { readConfig } from '../../src/configuration/config.ts';
import type { KafkaClient } from '../../src/kafka/client.ts';
import { InboxGuard } from '../../src/retention/inbox-guard.ts';
import { type Messaging, messaging } from '../../src/service/messaging.ts';
import { brokerDoor, brokers, type ClientUnderTest, clientUnderTest, Topics } from '../kafka/real-kafka.ts';
import { eventually } from '../testing/eventually.ts';

const DAY_MS = 86_400_000;

let topics: Topics;
let client: ClientUnderTest;
let guards: InboxGuard[];
beforeEach(async () => {
  topics = new Topics();
  await topics.admin.connect();
  client = clientUnderTest();
  guards = [];
});
afterEach(async () => {
  for (const guard of guards) guard.stop();
  await topics.close();
});

const daysOf = (days: number) => ({ 'retention.ms': String(days * DAY_MS), 'segment.ms': String(DAY_MS) });

function alter(topic: string, settings: Readonly<Record<string, string>>): Promise<void> {
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
  const resources = [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries }];
  return topics.admin.alterConfigs({ validateOnly: false, resources });
}

function guard(
  topic: string,
  inboxRetentionMs: number,
  by = client,
): InboxGuard & { readonly isPassed: () => boolean } {
  const { kafka, readiness, log } = by;
  const made = new InboxGuard({
    kafka,
    topics: [topic],
    kept: { inboxRetentionMs, outboxRetentionMs: 0 },
    user: 'the test',
    readiness,
    log,
  });
  guards.push(made);
  let passed = false;
  void made.passed.then(() => {
    passed = true;
  });
  made.start();
  return Object.assign(made, { isPassed: () => passed });
}

describe('a service whose inbox forgets before its topics do', () => {
  it('says so once, and what to do, and goes on by itself when the topic is given a shorter life', async () => {
    const topic = await topics.create('order.events', 1, daysOf(7));
    const ask = client.kafka.ask.bind(client.kafka);
    let looks = 0;
    client.kafka.ask = (question) => {
      looks += 1;
      return ask(question);
    };
    const watched = guard(topic, 5 * DAY_MS);
    await eventually(() => looks === 3, 'it has looked again and again');
    expect(client.readiness.reasons.retention).toContain(`${topic} for 8 days`);
    expect(client.readiness.reasons.retention).toContain('INBOX_RETENTION_MS is at least 777600000 (9 days)');
    expect(watched.isPassed() || watched.holds).toBe(false);
    await alter(topic, daysOf(3));
    await eventually(() => client.readiness.ready, 'it is ready');
    expect(watched.isPassed() && watched.holds).toBe(true);
    expect(client.complaints).toEqual([expect.stringContaining('could take effect twice')]);
  });

  it('is not ready with a topic that keeps everything, whatever its bound in bytes, unless the inbox does as well', async () => {
    const topic = await topics.create('order.events', 1, {
      ...daysOf(1),
      'retention.ms': '-1',
      'retention.bytes': '1000',
    });
    guard(topic, 9_999 * DAY_MS);
    await eventually(() => !client.readiness.ready, 'it is not ready');
    expect(client.readiness.reasons.retention).toContain('INBOX_RETENTION_MS is unlimited');
    const endless = clientUnderTest();
    const watched = guard(topic, Infinity, endless);
    await eventually(() => watched.isPassed(), 'an inbox without limit is long enough');
    expect(endless.readiness.ready).toBe(true);
  });

  it('is not ready with a topic that is only compacted, since that keeps the latest of each key', async () => {
    const topic = await topics.create('order.events', 1, { ...daysOf(1), 'cleanup.policy': 'compact' });
    guard(topic, 9_999 * DAY_MS);
    await eventually(() => !client.readiness.ready, 'it is not ready');
    expect(client.readiness.reasons.retention).toContain(`The broker compacts ${topic} (cleanup.policy compact)`);
  });

  it('is not ready with a topic that is compacted and deleted, whatever the inbox keeps, until it is only deleted', async () => {
    const topic = await topics.create('order.events', 1, { ...daysOf(1), 'cleanup.policy': 'compact,delete' });
    const watched = guard(topic, Infinity);
    await eventually(() => !client.readiness.ready, 'it is not ready');
    expect(client.readiness.reasons.retention).toContain('until cleanup.policy is delete there');
    expect(client.readiness.reasons.retention).not.toContain('retention.ms');
    await alter(topic, { ...daysOf(1), 'cleanup.policy': 'delete' });
    await eventually(() => watched.isPassed(), 'it is ready by itself');
  });

  it('reads nothing until then', async () => {
    const topic = await topics.create('order.events', 1, daysOf(7));
    await topics.send(topic, ['a']);
    const read: string[] = [];
    const service = start(read, String(5 * DAY_MS));
    try {
      await eventually(() => client.readiness.reasons.retention !== undefined, 'it says why');
      expect(service.mayForgetIds()).toBe(false);
      const { groups } = await topics.admin.describeGroups([`${topics.prefix}payment`]);
      expect(groups.map(({ members }) => members)).toEqual([[]]);
      expect(read).toEqual([]);
      await alter(topic, daysOf(1));
      await eventually(() => read.length > 0, 'it reads');
      expect(service.mayForgetIds()).toBe(true);
    } finally {
      await service.stopConsumer();
      await service.stopRelay();
    }
  });
});

/** A service that hears order.events; its database is not there, which only its relay asks for. */
function start(read: string[], inboxRetentionMs: string): Messaging {
  const config = readConfig(
    {},
    {
      PORT: '0',
      DATABASE_URL: 'postgresql://127.0.0.1:1/none',
      KAFKA_BROKERS: brokers().join(),
      REGISTRY_URL: 'http://127.0.0.1:1',
      TOPIC_PREFIX: topics.prefix,
      INBOX_RETENTION_MS: inboxRetentionMs,
    },
  );
  const hears = { kind: 'event', topic: 'order.events' } as never;
  const service = messaging({
    config,
    table: { service: 'payment', reactions: [{ hears }] },
    sink: {
      push(records) {
        read.push(...records.map(({ value }) => String(value)));
        return { room: Promise.resolve(), handled: Promise.resolve() };
      },
    },
    readiness: client.readiness,
    log: client.log,
  });
  service.start();
  return service;
}

describe('the look at the topics', () => {
  it('waits for a broker that is away, says so, and passes when it is back', async () => {
    const topic = await topics.create('order.events', 1, daysOf(1));
    const door = await brokerDoor();
    const late = clientUnderTest([door.address]);
    const watched = guard(topic, 5 * DAY_MS, late);
    try {
      await eventually(() => !late.readiness.ready, 'readiness says that Kafka is away');
      expect(late.readiness.reasons.kafka).toContain('the test waits and tries again by itself');
      expect(watched.isPassed()).toBe(false);
      door.open();
      await eventually(() => watched.isPassed() && late.readiness.ready, 'all is well');
    } finally {
      await door.close();
    }
  });

  it('passes with a warning where the broker does not let it look', async () => {
    const kafka = {
      health: client.kafka.health,
      ask: () => Promise.reject(Object.assign(new Error('no'), { type: 'TOPIC_AUTHORIZATION_FAILED' })),
    } as unknown as KafkaClient;
    const watched = guard('order.events', 60_000, { ...client, kafka });
    await eventually(() => watched.isPassed(), 'it goes on');
    expect(client.readiness.ready).toBe(true);
    expect(client.complaints).toEqual([expect.stringContaining('does not let this client see')]);
  });
});
