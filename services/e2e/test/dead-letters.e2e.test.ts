import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { fromStack } from '@troupe/chassis/testing';
import { createCodec, OrderCancelled, OrderCreated } from '@troupe/schemas';
import { serviceNames } from '@troupe/services';
import { Kafka, logLevel } from 'kafkajs';
import { eventually, get, post } from './system.ts';

interface DeadLetter {
  readonly id: string;
  readonly status: string;
  readonly parkedBehind: number;
  readonly replays: number;
}
interface Replay {
  readonly id: string;
  readonly status: string;
  readonly outcomes: Readonly<Record<string, number>>;
}
interface Page<Item> {
  readonly items: readonly Item[];
}

/** A record under the name of an event that payment hears, with bytes that nobody can decode; behind it a good event. */
async function forge(orderId: string, [forged, good]: readonly [string, string]): Promise<void> {
  const codec = createCodec({ registryUrl: fromStack('TEST_REGISTRY_URL') });
  await codec.prepare([OrderCancelled]);
  const cancelled = OrderCancelled({ orderId, customerId: 'demo', items: [], reason: 'CUSTOMER', detail: 'cancelled' });
  const messages = [
    {
      key: orderId,
      value: Buffer.from([0, 0, 0, 0, 1, 255]),
      headers: { ce_id: forged, ce_type: OrderCreated.fullName, 'x-note': '<b>forged</b>' },
    },
    { key: orderId, value: codec.encode(cancelled), headers: { ce_id: good, ce_type: OrderCancelled.fullName } },
  ];
  const kafka = new Kafka({ brokers: [fromStack('TEST_KAFKA_BROKERS')], logLevel: logLevel.NOTHING });
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic: 'order.events', messages });
  await producer.disconnect();
}

const operator = `e2e-${randomUUID().slice(0, 8)}`;
const act = <Body>(path: string, body: unknown) => post<Body>('payment', path, body, { 'x-operator': operator });
const deadLettersOf = async (key: string, status = 'DEAD'): Promise<readonly DeadLetter[]> =>
  (await get<Page<DeadLetter>>('payment', `/dead-letters?key=${key}&status=${status}`)).body.items;

describe('an operator, at night', () => {
  it('finds a forged record, tries a replay, replays it in vain, discards it: and what waited behind goes on', async () => {
    const key = randomUUID();
    const ids = [randomUUID(), randomUUID()] as const;
    await forge(key, ids);
    const [deadLetter] = await eventually(
      () => deadLettersOf(key),
      ([found]) => found?.parkedBehind === 1,
    );
    const id = deadLetter?.id as string;
    expect((await get('payment', `/dead-letters/${id}`)).body).toMatchObject({
      status: 'DEAD',
      eventId: ids[0],
      key,
      valueBase64: 'AAAAAAH/',
      decoded: null,
      headers: { 'x-note': '<b>forged</b>' },
      parked: [{ eventId: ids[1], status: 'PARKED' }],
    });
    const causes = await get<Page<{ count: number }>>('payment', '/dead-letters/causes');
    expect(causes.body.items.length).toBeGreaterThan(0);

    const rehearsed = await act('/dead-letters/replays', { filter: { key }, dryRun: true });
    expect(rehearsed).toMatchObject({ status: 200, body: { total: 1, outcomes: { dead: 1 }, items: [{ id }] } });

    const asked = await act<Replay>('/dead-letters/replays', { filter: { key }, reason: 'once more' });
    expect(asked.status).toBe(202);
    const location = asked.headers.get('location') ?? '';
    const ended = await eventually(
      async () => (await get<Replay>('payment', location)).body,
      ({ status }) => status === 'FINISHED',
    );
    expect(ended.outcomes).toEqual({ dead: 1 });
    expect(await deadLettersOf(key)).toMatchObject([{ id, status: 'DEAD', replays: 1, parkedBehind: 1 }]);

    const discarded = await act(`/dead-letters/${id}/discard`, { reason: 'nobody sent this' });
    expect(discarded).toMatchObject({ status: 200, body: { status: 'DISCARDED' } });
    const [followed] = await eventually(
      () => deadLettersOf(key, 'HANDLED'),
      ([found]) => found !== undefined,
    );
    expect(followed).toMatchObject({ eventId: ids[1], replays: 0, outcome: { kind: 'applied' } });
    expect(await act('/dead-letters/replays', { ids: [id] })).toMatchObject({
      status: 409,
      body: { code: 'DEAD_LETTER_DISCARDED' },
    });

    const trail = await get<Page<unknown>>('payment', `/operator-acts?operator=${operator}`);
    expect(trail.body.items).toMatchObject([
      { act: 'dead-letters.discard', target: id, reason: 'nobody sent this' },
      { act: 'dead-letters.replay', target: asked.body.id, reason: 'once more', detail: { total: 1 } },
    ]);
  });

  it.each(serviceNames)('is offered the same at %s', async (party) => {
    const { paths } = (await get<{ paths: Record<string, object> }>(party, '/openapi.json')).body;
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining([
        '/dead-letters',
        '/dead-letters/causes',
        '/dead-letters/{id}',
        '/dead-letters/{id}/discard',
        '/dead-letters/replays',
        '/dead-letters/replays/{id}',
        '/dead-letters/replays/{id}/messages',
        '/operator-acts',
      ]),
    );
    expect((await get(party, '/dead-letters')).status).toBe(200);
  });
});
