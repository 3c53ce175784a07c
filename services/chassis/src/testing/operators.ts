import type { DeadLetters } from '../dead-letters/dead-letters.ts';
import { actsOn } from '../http/acts.ts';
import { listen } from '../http/server/listen.ts';
import { ReplayWorker } from '../operations/dead-letters/replay-worker.ts';
import { operatorRoutes } from '../operations/dead-letters/routes.ts';
import { Readiness } from '../process/readiness.ts';
import type { Database } from '../rules/database.ts';
import { createLog } from '../telemetry/log.ts';

/** What operators have of a service, without the rest of it: its routes over HTTP, and workers of replays. */
export interface Operators {
  readonly url: string;
  /** Starts a worker of replays, as another instance of the service would. */
  work(deadLetters: DeadLetters): ReplayWorker;
  close(): Promise<void>;
}

export async function operators(database: Database, deadLetters: DeadLetters): Promise<Operators> {
  const log = createLog('operators', { logLevel: 'silent' });
  const workers: ReplayWorker[] = [];
  const wake = (): void => {
    for (const worker of workers) worker.wake();
  };
  const server = await listen(
    {
      service: 'operators',
      version: '0',
      log,
      readiness: new Readiness(),
      acts: actsOn(database),
      commands: { execute: () => Promise.reject(new Error('There are no commands here.')) },
      routes: operatorRoutes({ database, deadLetters, wake, codec: NO_CODEC }),
    },
    { port: 0, address: '127.0.0.1' },
  );
  return {
    url: `http://127.0.0.1:${server.port}`,
    work(own) {
      const worker = new ReplayWorker({ database, deadLetters: own, log, pollMs: 50 });
      workers.push(worker);
      worker.start();
      return worker;
    },
    async close() {
      await server.close();
      await Promise.all(workers.map((worker) => worker.stop()));
    },
  };
}

/** Nobody can read what is in a dead letter. */
export const NO_CODEC = {
  learn: async () => undefined,
  decode: () => {
    throw new Error('Nothing is decoded here.');
  },
};
