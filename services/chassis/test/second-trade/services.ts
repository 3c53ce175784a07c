import {
  get,
  jsonClient,
  type Port,
  post,
  type ReactionTable,
  Refused,
  type Repository,
  type Route,
  type ServiceDefinition,
  type Sql,
  text,
  uuidv7,
} from '@troupe/chassis';
import { type Prisma, PrismaClient } from '@troupe/notification-database';
import { z } from 'zod';
import { BookRoom, BookTrip, flights, hotels, type RoomOutcome, type Row, type Trip, trips } from './travel.ts';

// The three services as a deployment would have them. Their databases are those of a service of the shop, for the tables of the
// chassis, and a table `kept` beside them.

export const KEPT = 'CREATE TABLE kept (key text PRIMARY KEY, kept jsonb NOT NULL)';

/** Rows as JSON, in the table `kept`. */
export const keptRows = <Kept>(): Repository<Kept> => ({
  async load(tx, keys) {
    const found = await tx.$queryRawUnsafe<{ key: string; kept: Kept }[]>(
      'SELECT key, kept FROM kept WHERE key = ANY ($1::text[])',
      keys,
    );
    return new Map(found.map(({ key, kept }) => [key, kept]));
  },
  async save(tx, rows) {
    await tx.$executeRawUnsafe(
      `INSERT INTO kept SELECT key, kept::jsonb FROM unnest($1::text[], $2::text[]) AS new(key, kept)
       ON CONFLICT (key) DO UPDATE SET kept = excluded.kept`,
      [...rows.keys()],
      [...rows.values()].map((row) => JSON.stringify(row)),
    );
  },
});

type Definition = ServiceDefinition<Row, Row | undefined, Prisma.TransactionClient, PrismaClient, Record<never, never>>;

const service = (table: ReactionTable<Row, Row | undefined>, over: Partial<Definition> = {}): Definition => ({
  table,
  repository: keptRows<Row>(),
  settings: {},
  api: ({ database }) => [tripRoute(database)],
  database: (adapter) => new PrismaClient({ adapter, errorFormat: 'minimal' }),
  ...over,
});

/** By name. `deskUrl` is where the desk of the hotels answers. */
export const definitions = (deskUrl: string): Readonly<Record<string, Definition>> => ({
  trips: service(trips, { api: ({ database }) => [bookRoute, tripRoute(database)] }),
  flights: service(flights),
  hotels: service(hotels, { ports: () => [deskPort(deskUrl)] }),
});

function deskPort(url: string): Port<Trip, RoomOutcome> {
  const desk = jsonClient('desk of the hotels', url);
  return {
    call: BookRoom,
    async perform(trip, context) {
      const answer = await desk.post('/rooms', { ...trip }, context);
      return answer instanceof Refused ? answer : { kind: 'booked' };
    },
    refused: ({ detail: reason }) => ({ kind: 'refused', reason }),
    byHand: { lookFirst: 'Ask the hotel for the trip.', outcome: (reason) => ({ kind: 'refused', reason }) },
  };
}

const bookRoute: Route<Row | undefined> = post<Row | undefined>()('/trips', {
  summary: 'Book a trip: a seat and a room, or nothing.',
  body: z.strictObject({ flight: text(20), hotel: text(20) }),
  response: z.object({ tripId: z.string() }),
  command: ({ body }) => BookTrip({ tripId: uuidv7(), ...body }),
  answer: ({ state }) => ({ status: 202, body: { tripId: state?.tripId } }),
}) as Route<Row | undefined>;

const tripRoute = (database: Sql): Route<Row | undefined> =>
  get('/trips/:tripId', {
    summary: 'What this service keeps of a trip.',
    params: z.object({ tripId: z.uuid() }),
    response: z.object({ status: z.string().optional() }),
    async handle({ params: { tripId } }) {
      const [found] = await database.$queryRawUnsafe<{ kept: Row }[]>('SELECT kept FROM kept WHERE key = $1', tripId);
      return { status: 200, body: { status: found?.kept.status } };
    },
  });
