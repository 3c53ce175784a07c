import { get, type Route, type Sql } from '@troupe/chassis';
import type { Choreography } from '@troupe/choreography';
import type { Asking } from '../asking/asking.ts';
import type { OperatorActView } from '../contract/work.ts';
import { actsRoute } from './acts.ts';
import { attentionView, type SwitchedOn } from './attention/attention-view.ts';
import { deadLetterRoutes } from './dead-letters/routes.ts';
import { described } from './described.ts';
import type { MapPast } from './map/past.ts';
import { mapRoutes } from './map/routes.ts';
import type { OpenSagas } from './saga-list.ts';
import { summariesOf } from './saga-rows.ts';
import { servicesView } from './services/services-view.ts';
import { topicsView } from './topics/topics-view.ts';

export interface OperationsParts {
  readonly asking: Asking;
  readonly choreography: Choreography;
  readonly sql: Sql;
  readonly open: OpenSagas;
  readonly past: MapPast;
  readonly now: () => number;
  /** How far the console itself has come. */
  readonly reading?: () => { readonly behind: number; readonly newestAt: string | null };
  /** Faults that are switched on in the lab; absent where there is none. */
  readonly lab?: () => Promise<readonly SwitchedOn[]>;
  /** What was done in the lab, newest first. */
  readonly labActs?: () => Promise<readonly OperatorActView[]>;
}

/** What operators see of services, topics and dead letters, and what they can do. */
export function operationRoutes(parts: OperationsParts): readonly Route<never>[] {
  const { asking, choreography, sql } = parts;
  const services = asking.services.map(({ service }) => service);
  const [saga] = choreography.sagas;
  const orchestrator = services.find(({ name }) => name === saga?.service);
  return [
    get('/api/services', {
      summary: 'How each service stands, broken ones first, and what is around them; at most two seconds old',
      response: described('ServicesView'),
      handle: async () => ({ status: 200, body: servicesView(parts) }),
    }),
    get('/api/topics', {
      summary:
        'Topics with their ends, schemas and readers; consumer groups with their members and how far they are behind',
      response: described('TopicsView'),
      handle: async () => ({ status: 200, body: await topicsView(parts) }),
    }),
    ...mapRoutes(parts),
    ...deadLetterRoutes({ ...parts, services }),
    get('/api/attention', {
      summary: 'What waits for a person, each with what can be done about it',
      response: described('AttentionView'),
      handle: async () => ({ status: 200, body: await attentionView({ ...parts, orchestrator }) }),
    }),
    actsRoute({
      services,
      choreography,
      customerOf: async (orderId) => (await summariesOf(sql, [orderId]))[0]?.customerId ?? undefined,
    }),
  ];
}
