import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { query } from '@troupe/chassis/testing';
import { serviceNames } from '@troupe/services';
import fc from 'fast-check';
import { Kafka, logLevel, type Message, type Producer } from 'kafkajs';
import { audit, type Report } from '../src/audit.ts';
import { type ScratchSystem, startScratchSystem } from './scratch-system.ts';

const TOPICS = ['order.events', 'payment.events', 'inventory.events', 'shipping.events'];
const RECORDS = 2_000;
/** kafkajs 2.2.4 keeps its enumeration where an ES module cannot import it by name. */
const TOPIC = 2;
const OF_THE_TOPIC = 1;
const ANY = '9223372036854775807';

let system: ScratchSystem;
let kafka: Kafka;
let producer: Producer;
beforeAll(async () => {
  system = await startScratchSystem();
  kafka = new Kafka({ brokers: system.site.brokers.split(','), clientId: 'a stranger', logLevel: logLevel.NOTHING });
  producer = kafka.producer();
  await producer.connect();
}, 240_000);
afterAll(async () => {
  await producer?.disconnect();
  await system?.close();
});

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));
const texts = fc.constantFrom('', 'a', 'NUL \u0000', 'é☃𝄞', '\u0001', 'null').map((text) => Buffer.from(text));
const odd = fc.oneof(bytes(64), texts);
/** None is of a type that somebody hears, or of none: then whoever reads the topic has to look at it. */
const names = fc.constantFrom('ce_id', 'ce_subject', 'traceparent', 'content-type', 'é☃', '\u0000', 'x');
const small = fc.record({
  key: fc.option(odd),
  value: fc.option(odd),
  headers: fc.dictionary(names, fc.oneof(odd, fc.array(odd, { minLength: 2, maxLength: 3 })), { maxKeys: 4 }),
});

/** Half of them are events, as far as their headers say. */
const longKeys = Array.from({ length: 100 }, (_, at) => ({
  key: randomBytes(4_000).toString('hex'),
  value: null,
  ...(at % 2 === 0 ? {} : { headers: { ce_id: randomUUID(), ce_type: 'troupe.order.OrderCreated' } }),
}));
const oddTimes = [
  '-1',
  '0',
  '-62135596800001',
  '-9000000000000000',
  '-9223372036854775807',
  '253402300800000',
  '9300000000000000',
  '9007199254740993',
  '9223372036854775806',
].flatMap((timestamp) =>
  Array.from({ length: 10 }, (_, at) => ({ key: `time ${timestamp} ${at}`, value: Buffer.from('odd'), timestamp })),
);
const large = [0xff, 0x01, 0x22, 0x00].flatMap((byte) => [
  { key: `header ${byte}`, value: Buffer.from('odd'), headers: { 'x-large': Buffer.alloc(750_000, byte) } },
  { key: `value ${byte}`, value: Buffer.alloc(900_000, byte), headers: { 'x-large': Buffer.alloc(60_000, byte) } },
]);

async function strangersWrite(): Promise<void> {
  const some = fc.sample(small, { numRuns: RECORDS - longKeys.length - oddTimes.length - large.length, seed: 17 });
  const send = (messages: Message[], at: number) =>
    producer.send({ topic: `${system.site.topicPrefix}${TOPICS[at % TOPICS.length]}`, messages });
  for (let at = 0; at < some.length; at += 100) await send(some.slice(at, at + 100), at / 100);
  for (const [at, message] of [...longKeys, ...oddTimes, ...large].entries()) await send([message], at);
}

async function ordered(path: string): Promise<string> {
  const response = await fetch(system.urlOf('order') + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ items: [{ sku: 'SKU-004', quantity: 1 }], paymentToken: 'tok_ok' }),
  });
  return ((await response.json()) as { orderId: string }).orderId;
}

async function until<T>(look: () => Promise<T>, asExpected: (seen: T) => boolean, ms = 120_000): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const seen = await look();
    if (asExpected(seen) || Date.now() > end) return seen;
    await sleep(200);
  }
}

const get = async <Body>(service: string, path: string) =>
  (await (await fetch(system.urlOf(service) + path)).json()) as Body;
const act = (service: string, path: string, body: unknown) =>
  fetch(system.urlOf(service) + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-operator': 'ada' },
    body: JSON.stringify(body),
  });
/** One setting of a topic; what else was set for it stays. */
async function configure(topic: string, setting: string, value: string): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  const name = `${system.site.topicPrefix}${topic}`;
  const { resources } = await admin.describeConfigs({
    resources: [{ type: TOPIC, name }],
    includeSynonyms: false,
  });
  const own = (resources[0]?.configEntries ?? []).filter(({ configSource }) => configSource === OF_THE_TOPIC);
  const configEntries = [
    ...own
      .filter(({ configName }) => configName !== setting)
      .map(({ configName, configValue }) => ({ name: configName, value: configValue })),
    { name: setting, value },
  ];
  await admin.alterConfigs({ validateOnly: false, resources: [{ type: TOPIC, name, configEntries }] });
  await admin.disconnect();
}
const foundBy = ({ results }: Report) =>
  Object.fromEntries(results.filter(({ count }) => count > 0).map(({ check, findings }) => [check.name, findings]));

interface Page {
  readonly items: readonly { readonly id: string; readonly key: string | null; readonly error: { code: string } }[];
  readonly nextCursor: string | null;
}

describe(`${RECORDS} odd records on the topics of a running system`, () => {
  it('stop nothing: every order beside them ends well, and the audit finds only that they are nobody’s', async () => {
    await configure('payment.dlq', 'max.message.bytes', '100000');
    for (const topic of TOPICS) await configure(topic, 'message.timestamp.after.max.ms', ANY);
    const writing = strangersWrite();
    const orders: string[] = [];
    for (let at = 0; at < 12; at += 1) {
      orders.push(await ordered(at % 2 === 0 ? '/orders' : '/orders/orchestrated'));
      await sleep(200);
    }
    await writing;
    orders.push(await ordered('/orders'), await ordered('/orders/orchestrated'));
    for (const orderId of orders) {
      const { status } = await until(
        () => get<{ status: string }>('order', `/orders/${orderId}`),
        (seen) => seen.status !== 'PENDING',
      );
      expect([orderId, status]).toEqual([orderId, 'CONFIRMED']);
    }
    const report = await until(
      () => audit(system.site, { atRest: true, boundMs: 0 }),
      (seen) => Object.keys(foundBy(seen)).length === 1,
    );
    expect(Object.keys(foundBy(report))).toEqual(['publication.on-its-own-topic']);
    expect(report.seen.openLetters).toBeGreaterThanOrEqual(RECORDS);
    for (const service of serviceNames) expect((await fetch(`${system.urlOf(service)}/readyz`)).status).toBe(200);
  }, 400_000);

  it('are whole letters, which an operator can list, look at, replay and discard', async () => {
    const [counted] = await query<{ n: number; reduced: number }>(
      system.site.databaseUrl('payment'),
      'SELECT count(*)::int AS n, count(reduced_because)::int AS reduced FROM chassis.dead_letter',
    );
    const listed: Page['items'][number][] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Page = await get(
        'payment',
        `/dead-letters?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      listed.push(...page.items);
      cursor = page.nextCursor;
    }
    expect([listed.length, counted?.reduced]).toEqual([counted?.n, 0]);
    for (const { id } of listed.filter((_, at) => at % 50 === 0)) {
      expect(await get('payment', `/dead-letters/${id}`)).toMatchObject({ id, reducedBecause: null });
    }
    const long = listed.find(({ key }) => key?.length === 8_000);
    const byKey = await get<Page>('payment', `/dead-letters?key=${long?.key}`);
    expect(byKey.items.map(({ id }) => id)).toEqual([long?.id]);
    const replay = await act('payment', '/dead-letters/replays', { ids: listed.slice(0, 200).map(({ id }) => id) });
    const { id } = (await replay.json()) as { id: string };
    const replayed = await until(
      () => get<{ status: string; total: number }>('payment', `/dead-letters/replays/${id}`),
      ({ status }) => status === 'FINISHED',
    );
    expect(replayed).toMatchObject({ status: 'FINISHED', total: 200 });
    expect((await act('payment', `/dead-letters/${long?.id}/discard`, { reason: 'nobody’s' })).status).toBe(200);
  }, 200_000);

  it('that a dead-letter topic does not take are told, and published when an operator asks for it', async () => {
    const unpublished = () => get<Page>('payment', '/unpublished?limit=100');
    const { items } = await until(unpublished, (page) => page.items.length > 0);
    expect(new Set(items.map(({ error }) => error.code))).toEqual(new Set(['MESSAGE_TOO_LARGE']));
    await configure('payment.dlq', 'max.message.bytes', '1048588');
    // The dead letters that were replayed are published anew behind those that are listed now; each is asked for once.
    const asked = new Set<string>();
    const afterAsking = async () => {
      const page = await unpublished();
      for (const { id } of page.items.filter((item) => !asked.has(item.id))) {
        asked.add(id);
        expect((await act('payment', `/unpublished/${id}/retry`, { reason: 'raised' })).status).toBe(202);
      }
      return page;
    };
    expect((await until(afterAsking, (page) => page.items.length === 0)).items).toEqual([]);
  }, 200_000);
});
