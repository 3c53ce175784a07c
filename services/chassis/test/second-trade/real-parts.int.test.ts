import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json as bodyOf } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { registerSchemas } from '@troupe/schemas';
import { query } from '../../src/testing/database.ts';
import { json } from '../../src/testing/partner.ts';
import { fromStack } from '../../src/testing/stack.ts';
import { Topics } from '../kafka/real-kafka.ts';
import { eventually } from '../testing/eventually.ts';
import { wrongTrips } from './invariants.ts';
import { dropped, ended, type Running, started } from './processes.ts';
import { Desk, events, FULL, type Trip } from './travel.ts';

// Three processes on real Kafka, PostgreSQL and registry; `npm test` starts these.

const NAMES = ['trips', 'flights', 'hotels'];
const topics = new Topics();
const desk = new Desk();
const running = new Map<string, Running>();
let hotel: Server;

beforeAll(async () => {
  hotel = createServer(async (request, response) => {
    const outcome = desk.book((await bodyOf(request)) as Trip);
    json(outcome.kind === 'booked' ? 201 : 422, outcome)(response);
  });
  await new Promise<void>((resolve) => hotel.listen(0, '127.0.0.1', resolve));
  await registerSchemas({ registryUrl: fromStack('TEST_REGISTRY_URL'), events });
  for (const name of NAMES) {
    await topics.create(`${name}.events`, 3);
    await topics.create(`${name}.dlq`);
  }
  const DESK_URL = `http://127.0.0.1:${(hotel.address() as AddressInfo).port}`;
  const settings = { TOPIC_PREFIX: topics.prefix, DESK_URL };
  await Promise.all(NAMES.map(async (name) => running.set(name, await started(name, settings))));
});
afterAll(async () => {
  for (const { child } of running.values()) await ended(child);
  for (const [name, { database }] of running) await dropped(name, database);
  hotel.close();
  await topics.close();
});

const urlOf = (name: string): string => running.get(name)?.url ?? `there is no service ${name}`;

async function book(flight: string, at: string): Promise<Trip> {
  const answer = await fetch(`${urlOf('trips')}/trips`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ flight, hotel: at }),
  });
  expect(answer.status).toBe(202);
  return { ...((await answer.json()) as { readonly tripId: string }), flight, hotel: at };
}

async function statusOf(name: string, tripId: string): Promise<string | undefined> {
  const answer = await fetch(`${urlOf(name)}/trips/${tripId}`);
  return ((await answer.json()) as { readonly status?: string }).status;
}

it('a trip gets its seat and its room, or gives back what it got; then nothing waits any more', async () => {
  const trips = [await book('LH 1', 'sea'), await book('LH 1', FULL), await book(FULL, 'sea')];
  for (const { tripId } of trips) {
    await eventually(async () => (await statusOf('trips', tripId)) !== 'REQUESTED', `the trip ${tripId} has ended`);
  }
  const found = new Map<string, string | undefined>();
  for (const name of NAMES)
    for (const { tripId } of trips) found.set(`${name} ${tripId}`, await statusOf(name, tripId));
  expect(trips.map(({ tripId }) => found.get(`trips ${tripId}`))).toEqual(['CONFIRMED', 'CANCELLED', 'CANCELLED']);
  expect(wrongTrips(trips, (name, tripId) => found.get(`${name} ${tripId}`), desk)).toEqual([]);

  for (const [name, { database }] of running) {
    const [left] = await query(
      database.url,
      'SELECT (SELECT count(*)::int FROM chassis.task) AS tasks, (SELECT count(*)::int FROM chassis.dead_letter) AS dead_letters',
    );
    expect({ name, ...left }).toEqual({ name, tasks: 0, dead_letters: 0 });
    const said = await query<{ id: string; key: string }>(
      database.url,
      'SELECT id::text, aggregateid::text AS key FROM chassis.outbox',
    );
    const records = await topics.read(`${topics.prefix}${name}.events`);
    await eventually(() => records.length >= said.length, `all ${said.length} events of ${name} are on its topic`);
    const onTopic = records.map(({ key, headers }) => ({ id: String(headers?.ce_id), key: String(key) }));
    expect(onTopic).toHaveLength(said.length);
    expect(onTopic).toEqual(expect.arrayContaining(said));
  }
});
