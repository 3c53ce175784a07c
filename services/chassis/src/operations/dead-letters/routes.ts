import type { Codec } from '@troupe/schemas';
import type { DeadLetters } from '../../dead-letters/dead-letters.ts';
import type { Route } from '../../http/route.ts';
import type { Database } from '../../rules/database.ts';
import { actsRoute } from './acts-route.ts';
import { discardRoute } from './discard-route.ts';
import { letterRoutes } from './letter-routes.ts';
import { replayRoutes } from './replay-routes.ts';

export interface OperatorParts {
  readonly database: Database;
  readonly codec: Pick<Codec, 'learn' | 'decode'>;
  readonly letters: DeadLetters;
  /** Told of a new replay, and when something may have been released. */
  wake(): void;
}

/** What every service offers its operators: to look at dead letters, to replay or discard them, and to see who did what. */
export const operatorRoutes = (parts: OperatorParts): readonly Route<never>[] => [
  ...replayRoutes(parts),
  ...letterRoutes(parts),
  discardRoute(parts),
  actsRoute(parts),
];
