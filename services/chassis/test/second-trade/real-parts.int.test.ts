import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type RunningService, startService } from '@troupe/chassis/internal';
import { registerSchemas } from '@troupe/schemas';
import { type ClonedDatabase, cloneDatabase, query } from '../../src/testing/database.ts';
import { fromStack } from '../../src/testing/stack.ts';
import { Topics } from '../kafka/real-kafka.ts';
import { eventually } from '../testing/eventually.ts';
import { wrongTrips } from './invariants.ts';
import { definitions, KEPT } from './services.ts';
import { Desk, events, FULL, type Trip } from './travel.ts';

// Real Kafka, PostgreSQL and registry; `npm test` starts them.

const NAMES = ['trips', 'flights', 'hotels'] as const;
const topics = new Topics();
const desk = new Desk();
const databases = new Map<string, ClonedDatabase>();
const running = new Map<string, RunningService>();

beforeAll(async () => {
  await registerSchemas({ registryUrl: fromStack('TEST_REGISTRY_URL'), events });
  for (const [at, definition] of definitions(desk).entries()) {
    const name = NAMES[at] as string;
    await topics.create(`${name}.events`, 3);
    await topics.create(`${name}.dlq`, 1);
    const clone = await cloneDatabase('notification');
    databases.set(name, clone);
    await query(clone.url, KEPT);
    running.set(
      name,
      await startService(definition, {
        ...{ PORT: '0', DATABASE_URL: clone.url, TOPIC_PREFIX: topics.prefix, LOG_LEVEL: 'silent' },
        ...{ KAFKA_BROKERS: fromStack('TEST_KAFKA_BROKERS'), REGISTRY_URL: fromStack('TEST_REGISTRY_URL') },
      }),
    );
  }
});
afterAll(async () => {
  await Promise.all([...running.values()].map((service) => service.stop()));
  for (const [name, { url, drop }] of databases) {
    await query(
      url,
      `SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = 'troupe_${name}_outbox'`,
    );
    await drop();
  }
  await topics.close();
});

const urlOf = (name: string): string => `http://127.0.0.1:${running.get(name)?.port}`;

async function book(flight: string, hotel: string): Promise<Trip> {
  const asked = {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': `${flight} ${hotel}` },
  };
  let tripId = '';
  await eventually(async () => {
    const answer = await fetch(`${urlOf('trips')}/trips`, { ...asked, body: JSON.stringify({ flight, hotel }) });
    if (answer.status === 202) ({ tripId } = (await answer.json()) as { tripId: string });
    return answer.status === 202;
  }, `a trip on ${flight} to ${hotel} is taken`);
  return { tripId, flight, hotel };
}

async function statusOf(name: string, tripId: string): Promise<string | undefined> {
  const answer = await fetch(`${urlOf(name)}/trips/${tripId}`);
  return ((await answer.json()) as { status?: string }).status;
}

it('a trip gets its seat and its room, or gives back what it got; and then nothing waits any more', async () => {
  const trips = [await book('LH 1', 'sea'), await book('LH 1', FULL), await book(FULL, 'sea')];
  for (const { tripId } of trips) {
    await eventually(async () => (await statusOf('trips', tripId)) !== 'REQUESTED', `the trip ${tripId} has ended`);
  }
  const found = new Map<string, string | undefined>();
  for (const name of NAMES)
    for (const { tripId } of trips) found.set(`${name} ${tripId}`, await statusOf(name, tripId));
  expect(trips.map(({ tripId }) => found.get(`trips ${tripId}`))).toEqual(['CONFIRMED', 'CANCELLED', 'CANCELLED']);
  expect(wrongTrips(trips, (name, tripId) => found.get(`${name} ${tripId}`), desk)).toEqual([]);

  for (const [name, { url }] of databases) {
    const left = await query(
      url,
      'SELECT (SELECT count(*)::int FROM task) + (SELECT count(*)::int FROM dead_letter) AS left',
    );
    expect({ name, left }).toEqual({ name, left: [{ left: 0 }] });
    const said = await query<{ id: string; key: string }>(
      url,
      'SELECT id::text, aggregateid::text AS key FROM outbox ORDER BY position',
    );
    const records = await topics.read(`${topics.prefix}${name}.events`);
    await eventually(() => records.length >= said.length, `all ${said.length} events of ${name} are on its topic`);
    const onTopic = records.map(({ key, headers }) => ({ id: String(headers?.ce_id), key: String(key) }));
    expect(onTopic).toHaveLength(said.length);
    expect(onTopic).toEqual(expect.arrayContaining(said));
  }
});
