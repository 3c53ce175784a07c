import type { CommandBus } from '../commands.ts';
import type { Database } from '../database.ts';
import type { HttpLimits } from '../http/limits.ts';
import { listen } from '../http/listen.ts';
import type { Route } from '../http/route.ts';
import { createLog } from '../log.ts';
import { Readiness } from '../readiness.ts';
import { keptAnswer } from '../store/idempotency.ts';

export type FrontLimits = Partial<HttpLimits>;

/** A service's routes over HTTP, without the rest of it. */
export interface Front {
  readonly url: string;
  close(): Promise<void>;
}

export async function front<State>(parts: {
  readonly routes: readonly Route<State>[];
  readonly commands: CommandBus<State>;
  readonly database: Database;
  readonly limits?: FrontLimits;
}): Promise<Front> {
  const { routes, commands, database, limits = {} } = parts;
  const server = await listen(
    {
      ...{
        service: 'front',
        version: '0',
        log: createLog('front', { logLevel: 'silent' }),
        readiness: new Readiness(),
      },
      ...{ routes, commands, limits, keptAnswer: (claim) => keptAnswer(database, claim) },
    },
    { port: 0, address: '127.0.0.1' },
  );
  return { url: `http://127.0.0.1:${server.port}`, close: () => server.close() };
}
