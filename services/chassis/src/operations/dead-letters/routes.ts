import type { Route } from '../../http/route.ts';
import { actsRoute } from './acts-route.ts';
import { discardRoute } from './discard-route.ts';
import { deadLetterRoutes } from './letter-routes.ts';
import type { OperatorParts } from './parts.ts';
import { replayRoutes } from './replay-routes.ts';

/** What every service offers its operators: to look at dead letters, to replay or discard them, and to see who did what. */
export const operatorRoutes = (parts: OperatorParts): readonly Route<never>[] => [
  ...replayRoutes(parts),
  ...deadLetterRoutes(parts),
  discardRoute(parts),
  actsRoute(parts),
];
