import type { Codec } from '@troupe/schemas';
import type { DeadLetters } from '../../dead-letters/dead-letters.ts';
import { type ActBus, actsOn } from '../../http/acts.ts';
import type { Route } from '../../http/route.ts';
import type { Database } from '../../rules/database.ts';
import type { Log } from '../../telemetry/log.ts';
import { ReplayWorker } from './replay-worker.ts';
import { operatorRoutes } from './routes.ts';

interface DeskParts {
  readonly database: Database;
  readonly codec: Pick<Codec, 'learn' | 'decode'>;
  readonly deadLetters: DeadLetters;
  readonly log: Log;
}

/** Where operators work on a service. */
export interface OperatorDesk {
  readonly routes: readonly Route<never>[];
  readonly acts: ActBus;
  /** Begins to work off replays, and to release what was parked. */
  start(): void;
  /** What is being handled is finished; the rest of a replay is left to the other instances, or to the next start. */
  stop(): Promise<void>;
}

export function operatorDesk({ database, codec, deadLetters, log }: DeskParts): OperatorDesk {
  const worker = new ReplayWorker({ database, deadLetters, log });
  return {
    routes: operatorRoutes({ database, codec, deadLetters, wake: () => worker.wake() }),
    acts: actsOn(database),
    start: () => worker.start(),
    stop: () => worker.stop(),
  };
}
