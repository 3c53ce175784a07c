import type { DeadLetters } from '../dead-letters/dead-letters.ts';
import { operatorRoutes } from '../operations/dead-letters/desk.ts';
import { ReplayWorker } from '../operations/dead-letters/replay-worker.ts';
import type { Database } from '../rules/database.ts';
import { createLog } from '../telemetry/log.ts';
import { front, NO_CODEC } from './front.ts';

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
  const { url, close } = await front({
    routes: operatorRoutes({ database, deadLetters, wake, codec: NO_CODEC }),
    commands: { execute: () => Promise.reject(new Error('There are no commands here.')) },
    database,
  });
  return {
    url,
    work(own) {
      const worker = new ReplayWorker({ database, deadLetters: own, log, pollMs: 50 });
      workers.push(worker);
      worker.start();
      return worker;
    },
    async close() {
      await close();
      await Promise.all(workers.map((worker) => worker.stop()));
    },
  };
}
