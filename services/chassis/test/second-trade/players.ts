import { post, type ReactionTable, type Route, type ServiceDefinition, uuidv7 } from '@troupe/chassis';
import { type Prisma, PrismaClient } from '@troupe/notification-database';
import { z } from 'zod';
import { mendedPong, ping, pong, type Rally, Serve } from './cycle.ts';
import { keptRows } from './services.ts';

// The services of the cycle as a deployment would have them.

type Player = ServiceDefinition<Rally, Rally | undefined, Prisma.TransactionClient, PrismaClient, Record<never, never>>;

const player = (
  table: ReactionTable<Rally, Rally | undefined>,
  routes: readonly Route<Rally | undefined>[] = [],
): Player => ({
  table,
  repository: keptRows<Rally>(),
  settings: {},
  api: () => routes,
  database: (adapter) => new PrismaClient({ adapter, errorFormat: 'minimal' }),
});

const serveRoute = post<Rally | undefined>()('/matches', {
  summary: 'Begin a match.',
  body: z.strictObject({}),
  response: z.object({ matchId: z.string() }),
  command: () => Serve({ matchId: uuidv7() }),
  answer: ({ state }) => ({ status: 202, body: { matchId: state?.matchId } }),
}) as Route<Rally | undefined>;

/** By the name under which `main.ts` starts them. */
export const players: Readonly<Record<string, Player>> = {
  ping: player(ping, [serveRoute]),
  pong: player(pong),
  'mended pong': player(mendedPong),
};
