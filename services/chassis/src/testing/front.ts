import type { CommandBus } from '../commands.ts';
import type { Database } from '../database.ts';
import { listen } from '../http/listen.ts';
import type { Route } from '../http/route.ts';
import { createLog } from '../log.ts';
import { Readiness } from '../readiness.ts';
import { keptAnswer } from '../store/idempotency.ts';

/** A service's routes over HTTP, without the rest of it. */
export interface Front {
  readonly url: string;
  close(): Promise<void>;
}

export async function front<State>(parts: {
  readonly routes: readonly Route<State>[];
  readonly commands: CommandBus<State>;
  readonly database: Database;
}): Promise<Front> {
  const { routes, commands, database } = parts;
  const server = await listen(
    {
      ...{
        service: 'front',
        version: '0',
        log: createLog('front', { logLevel: 'silent' }),
        readiness: new Readiness(),
      },
      ...{ routes, commands, keptAnswer: (claim) => keptAnswer(database, claim) },
    },
    { port: 0, address: '127.0.0.1' },
  );
  return { url: `http://127.0.0.1:${server.port}`, close: () => server.close() };
}
