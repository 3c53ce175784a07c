import { type ActBus, actsOn } from '../../http/acts.ts';
import type { Route } from '../../http/route.ts';
import type { Log } from '../../telemetry/log.ts';
import { actsRoute } from '../acts-route.ts';
import { deadLetterRoutes, type OperatorParts } from './dead-letter-routes.ts';
import { replayRoutes } from './replay-routes.ts';
import { ReplayWorker } from './replay-worker.ts';

export interface OperatorDesk {
  readonly routes: readonly Route<never>[];
  readonly acts: ActBus;
  start(): void;
  /** What is being handled is finished; the rest of a replay is left to the other instances, or to the next start. */
  stop(): Promise<void>;
}

export function operatorDesk({ log, ...parts }: Omit<OperatorParts, 'wake'> & { readonly log: Log }): OperatorDesk {
  const worker = new ReplayWorker({ ...parts, log });
  return {
    routes: operatorRoutes({ ...parts, wake: () => worker.wake() }),
    acts: actsOn(parts.database),
    start: () => worker.start(),
    stop: () => worker.stop(),
  };
}

/** What every service offers its operators: to look at dead letters, to replay or discard them, and to see who did what. */
export const operatorRoutes = (parts: OperatorParts): readonly Route<never>[] => [
  ...replayRoutes(parts),
  ...deadLetterRoutes(parts),
  actsRoute(parts.database),
];
