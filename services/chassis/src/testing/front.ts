import type { HttpLimits } from '../configuration/http-limits.ts';
import type { DeadLetters } from '../dead-letters/dead-letters.ts';
import { type ActorSource, ANYBODY } from '../http/actor.ts';
import { actsOn } from '../http/acts.ts';
import type { Route } from '../http/route.ts';
import { listen } from '../http/server/listen.ts';
import type { CommandBus } from '../incoming/commands.ts';
import { operatorRoutes } from '../operations/dead-letters/desk.ts';
import { waitingRoute } from '../operations/waiting.ts';
import { Readiness } from '../process/readiness.ts';
import type { Database } from '../rules/database.ts';
import type { ReactionTable } from '../rules/reactions.ts';
import { keptAnswer } from '../tables/idempotency.ts';
import { createLog } from '../telemetry/log.ts';

export type FrontLimits = Partial<HttpLimits>;

/** Nobody can read what is in a dead letter. */
export const NO_CODEC = {
  learn: async () => undefined,
  decode: () => {
    throw new Error('Nothing is decoded here.');
  },
};

/** A service's routes over HTTP, without the rest of it. */
export interface Front {
  readonly url: string;
  close(): Promise<void>;
}

export async function front<State, Row>(parts: {
  readonly routes: readonly Route<State>[];
  readonly commands: CommandBus<State>;
  readonly database: Database;
  readonly limits?: FrontLimits;
  readonly actors?: ActorSource;
  /** What operators have of each service: with it, their routes are there too. */
  readonly operated?: { readonly deadLetters: DeadLetters; readonly table: ReactionTable<Row, State> };
}): Promise<Front> {
  const { routes, commands, database, limits = {}, actors = ANYBODY, operated } = parts;
  const wake = (): void => undefined;
  const operators = operated && [
    ...operatorRoutes({ database, deadLetters: operated.deadLetters, wake, codec: NO_CODEC }),
    waitingRoute(database, operated.table),
  ];
  const server = await listen(
    {
      service: 'front',
      version: '0',
      log: createLog('front', { logLevel: 'silent' }),
      readiness: new Readiness(),
      routes: [...routes, ...(operators ?? [])],
      commands,
      limits,
      actors,
      acts: actsOn(database),
      keptAnswer: (claim) => keptAnswer(database, claim),
    },
    { port: 0, address: '127.0.0.1' },
  );
  return { url: `http://127.0.0.1:${server.port}`, close: () => server.close() };
}
